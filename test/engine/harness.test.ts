import { existsSync } from "node:fs";
import { type Language, newStack } from "./harness";

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

const programs: Record<Language, string> = {
  typescript: `import * as pulumi from "@pulumi/pulumi";
${resource.replace("(name, args)", "(name: string, args: Record<string, unknown>)")}
export const made = pulumi.output(empty).apply((each) => (each as unknown as { made: string }).made);`,
  javascript: `const pulumi = require("@pulumi/pulumi");
${resource}
exports.made = empty.made;`,
  esm: `import * as pulumi from "@pulumi/pulumi";
${resource}
export const made = empty.made;`,
};

describe.each(Object.keys(programs) as Language[])("a program in %s", (language) => {
  test("goes through up, preview, refresh and destroy", async () => {
    const stack = await newStack({ program: programs[language], language, config: { value: "a" } });

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
});
