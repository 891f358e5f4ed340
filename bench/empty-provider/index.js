// The least that a provider can be: what it costs is the engine's own cost of a dynamic resource. Programs of the bench find it
// as `bench-empty`. Like the package's own entry it is named in a fixed text and loaded by the engine's host.
exports.handler = () => ({
  check: async (_olds, news) => ({ inputs: news }),
  diff: async () => ({}),
  create: async (inputs) => ({ id: "empty", outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: async () => {},
});
