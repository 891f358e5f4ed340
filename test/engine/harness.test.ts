import { existsSync } from "node:fs";
import { newStack } from "./harness";

/** A resource that keeps what it is given, its provider as text: needs nothing built. */
const provider = `exports.handler = () => ({
  create: async (inputs) => ({ id: "one", outs: { ...inputs, made: "by the provider" } }),
  update: async (id, olds, news) => ({ outs: { ...news, made: "by the provider" } }),
  read: async (id, props) => ({ id, props }),
  delete: async () => {},
})`;

const resource = `class Empty extends pulumi.CustomResource {
  constructor(name, args) {
    super("pulumi-nodejs:dynamic/test:Empty", name, { ...args, made: undefined, __provider: ${JSON.stringify(provider)} });
  }
}
const empty = new Empty("empty", { value: new pulumi.Config().require("value"), secret: pulumi.secret("hidden") });
`;

const program = `import * as pulumi from "@pulumi/pulumi";
${resource.replace("(name, args)", "(name: string, args: Record<string, unknown>)")}
export const made = pulumi.output(empty).apply((each) => (each as unknown as { made: string }).made);`;

test("a stack goes through up, preview, refresh and destroy", async () => {
  const stack = await newStack({ program: program, config: { value: "a" } });

  expect((await stack.preview()).changes).toEqual({ create: 2 });
  expect((await stack.up()).changes).toEqual({ create: 2 });
  expect(await stack.outputs()).toEqual({ made: "by the provider" });

  const { inputs } = await stack.resource("empty");
  expect(inputs).toMatchObject({ value: "a", secret: "hidden" });
  expect(stack.rawState()).not.toContain("hidden");

  await stack.config.set("value", "-b");
  const { json } = await stack.previewJson();
  expect(json.changeSummary).toEqual({ same: 1, update: 1 });
  expect((await stack.preview({ diff: true })).text).toContain('value: "a" => "-b"');
  expect((await stack.up()).changes).toEqual({ same: 1, update: 1 });

  expect((await stack.refresh()).code).toBe(0);
  expect((await stack.destroy()).changes).toEqual({ delete: 2 });
  await stack.close();
  expect(existsSync(stack.folder)).toBe(false);
});

describe("a run that is killed", () => {
  const slow = `exports.handler = () => ({
    create: async (inputs) => {
      if (process.env.HANG) await new Promise((resolve) => setTimeout(resolve, 60_000));
      return { id: "one", outs: inputs };
    },
  })`;
  const program = `const pulumi = require("@pulumi/pulumi");
new (class extends pulumi.CustomResource {})("pulumi-nodejs:dynamic/test:Slow", "slow", { __provider: ${JSON.stringify(slow)} });`;

  test("leaves a pending operation and orphans, which the harness sees and ends", async () => {
    const stack = await newStack({ program, language: "javascript" });
    const run = stack.spawnUp({ env: { HANG: "1" } });
    const provider = await run.provider();
    await stack.untilState((text) => text.includes("test:Slow"));
    await run.killCli();

    expect((await run.ended).code).toBeNull();
    expect(stack.processes().map(({ role }) => role)).toContain("provider");
    expect(stack.processes().map(({ role }) => role)).not.toContain("cli");
    expect((await stack.up({ expect: "failure" })).text).toContain("locked");

    await stack.endProcesses();
    expect(stack.processes()).toEqual([]);
    expect(existsSync(`/proc/${provider.pid}`)).toBe(false);
    await stack.cancel();
    expect((await stack.up()).changes).toEqual({ create: 1, same: 1 });
    await stack.destroy();
  });

  test("is told when only the provider is killed", async () => {
    const stack = await newStack({ program, language: "javascript" });
    const run = stack.spawnUp({ env: { HANG: "1" } });
    await stack.untilState((text) => text.includes("test:Slow"));
    await run.killProvider();
    expect((await run.ended).code).not.toBe(0);
    expect((await stack.up()).code).toBe(0);
  });
});
