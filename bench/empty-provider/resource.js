// A dynamic resource with nothing in it, in the form that the package's classes have: a fixed text in place of provider code.
const pulumi = require("@pulumi/pulumi");

const literal = `exports.handler=()=>require("bench-empty").handler("bench:Empty")`;

exports.Empty = class Empty extends pulumi.CustomResource {
  constructor(name, args = {}) {
    super("pulumi-nodejs:dynamic/bench:Empty", name, { ...args, __provider: literal });
  }
};
