import {
  isWireSecret,
  type ProviderHost,
  ProviderHostError,
  startFakeEngine,
  startProviderHost,
  unwrap,
  wireSecret,
} from "./provider-host";

const provider = `let config;
exports.handler = () => ({
  configure: async (request) => { config = request.config; },
  check: async (olds, news) => ({
    inputs: { ...news, secret: ${JSON.stringify(wireSecret("hidden"))} },
    failures: news.bad ? [{ property: "bad", reason: "must not be" }] : [],
  }),
  diff: async (id, olds, news) => ({ changes: news.changes, replaces: olds.a === news.a ? [] : ["a"] }),
  create: async (inputs) => {
    console.log("creating");
    const result = { id: "one", outs: { ...inputs, region: config.get("cloud:region") } };
    if (inputs.fail === "plainly") throw new Error("refused");
    if (inputs.fail) throw Object.assign(new Error("failed"), { ...result, properties: result.outs, reasons: ["why"] });
    return result;
  },
  update: async (id, olds, news) => ({ outs: { ...news, was: olds.a } }),
  read: async (id, props) => (props.gone ? {} : { id, props, inputs: { a: 1 } }),
  delete: async () => { throw new Error("not now"); },
})`;

let host: ProviderHost;
beforeAll(async () => {
  host = await startProviderHost({ provider });
  await host.configure({ "cloud:region": wireSecret("west") });
});
afterAll(() => host.close());

test("check answers with inputs, wire secrets and failures", async () => {
  const { inputs, failures } = await host.check({}, { a: 1, bad: true });
  expect(isWireSecret(inputs["secret"])).toBe(true);
  expect(unwrap(inputs)).toEqual({ a: 1, bad: true, secret: "hidden", __provider: provider });
  expect(failures).toEqual([{ property: "bad", reason: "must not be" }]);
});

test("diff tells no, yes and the engine's own comparison apart", async () => {
  expect((await host.diff("one", {}, { changes: true })).changes).toBe(true);
  expect((await host.diff("one", {}, { changes: false })).changes).toBe(false);
  expect(await host.diff("one", { a: 1 }, { a: 2 })).toEqual({
    changes: undefined,
    replaces: ["a"],
    deleteBeforeReplace: false,
  });
});

test("create, update and read answer with complete properties", async () => {
  const { id, outs } = await host.create({ a: 1 });
  expect(id).toBe("one");
  expect(outs).toEqual({ a: 1, region: "west", __provider: provider });
  await host.untilWritten("creating");
  expect((await host.update(id, outs, { a: 2 })).outs).toMatchObject({ a: 2, was: 1 });
  expect(await host.read(id, outs)).toMatchObject({ id, props: outs, inputs: { a: 1 } });
  expect((await host.read(id, { gone: true })).id).toBe("");
});

test("an error carries what a partial failure has", async () => {
  const refused = await host.create({ fail: "plainly" }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ message: "refused" });
  expect(refused).not.toHaveProperty("id");

  const failed = await host.create({ fail: true }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ProviderHostError);
  expect(failed).toMatchObject({ id: "one", properties: { region: "west" }, reasons: ["why"] });

  await expect(host.delete("one", {})).rejects.toThrow("not now");
  await host.untilWritten("Error: not now");
});

test("a fake engine can be seen to die", async () => {
  const engine = await startFakeEngine();
  const watching = `require("net").connect(Number(process.argv[2].split(":")[1]), "127.0.0.1").on("close", () => process.exit(7));
    exports.handler = () => ({ create: async () => ({ id: "one", outs: {} }) });`;
  const watcher = await startProviderHost({ provider: watching, engine });
  await watcher.create({});
  await engine.kill();
  expect(await watcher.exited).toBe(7);
  await watcher.close();
});
