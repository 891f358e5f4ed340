// A stand-in for the plugin of @pulumi/random, for machines that cannot download the real one. It speaks the provider
// protocol, and knows `RandomPassword` as far as a program can tell it from the real one by what it declares.
const grpc = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const proto = require("@pulumi/pulumi/proto/provider_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { version } = require("@pulumi/random/package.json");
const { checkOptions, drawPassword, withDefaults } = require("./random-password");

const token = "random:index/randomPassword:RandomPassword";

/** In a preview, in place of a text that is not there yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const methods = {
  getPluginInfo: () => build(new PluginInfo(), { setVersion: version }),
  checkConfig: (request) => build(new proto.CheckResponse(), { setInputs: request.getNews() }),
  diffConfig: () => new proto.DiffResponse(),
  // Secrets arrive opened, and the engine closes them again by name; the results are marked here.
  configure: () => build(new proto.ConfigureResponse(), { setSupportspreview: true }),

  check(request) {
    const failures = checkOptions(request.getNews().toJavaScript());
    return build(new proto.CheckResponse(), {
      setInputs: request.getNews(),
      setFailuresList: failures.map((each) =>
        build(new proto.CheckFailure(), { setProperty: each.property, setReason: each.reason }),
      ),
    });
  },

  /** Whatever changes, a new password is drawn. */
  diff(request) {
    const [olds, news] = [request.getOldInputs(), request.getNews()].map((each) =>
      each.toJavaScript(),
    );
    const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
      (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
    return build(new proto.DiffResponse(), {
      setChanges: changed.length > 0 ? DIFF_SOME : DIFF_NONE,
      setDiffsList: changed,
      setReplacesList: changed,
    });
  },

  create(request) {
    const inputs = request.getProperties().toJavaScript();
    const options = withDefaults(inputs);
    const result = request.getPreview() ? unknown : secret(drawPassword(options));
    const bcryptHash = request.getPreview() ? unknown : secret("not computed by the stand-in");
    return build(new proto.CreateResponse(), {
      setId: request.getPreview() ? "" : "none", // as the real one
      setProperties: Struct.fromJavaScript({ ...options, result, bcryptHash }),
    });
  },

  read: (request) =>
    build(new proto.ReadResponse(), {
      setId: request.getId(),
      setInputs: request.getInputs(),
      setProperties: request.getProperties(),
    }),
  delete: () => new Empty(),
  cancel: () => new Empty(),
};

/** Calls each setter with its value. */
function build(message, setters) {
  for (const [setter, value] of Object.entries(setters)) message[setter](value);
  return message;
}

function secret(value) {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** Serves until it is ended; prints its port, which is how the engine finds it. */
function serve() {
  const server = new grpc.Server();
  server.addService(
    ResourceProviderService,
    Object.fromEntries(Object.entries(methods).map(handle)),
  );
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(String(port));
  });
}

function handle([name, method]) {
  const handler = ({ request }, callback) => {
    try {
      assertKnown(request);
      callback(null, method(request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, message: error.message });
    }
  };
  return [name, handler];
}

function assertKnown(request) {
  const type = request.getUrn?.().split("::")[2];
  if (
    type === undefined ||
    type.startsWith("pulumi:providers:") ||
    type.split("$").at(-1) === token
  )
    return;
  throw new Error(`the stand-in for @pulumi/random knows ${token} only, not ${type}`);
}

module.exports = { serve };
