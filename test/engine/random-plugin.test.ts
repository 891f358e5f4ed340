import { newStack } from "./harness";

const program = `import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
const config = new pulumi.Config();
const password = new random.RandomPassword("password", {
  length: 20,
  minNumeric: 2,
  minUpper: 2,
  overrideSpecial: "_",
  keepers: { release: config.require("release") },
});
export const result = password.result;
export const length = password.result.apply((each) => each.length);
`;

/** Holds for the real plugin of `@pulumi/random` and for the stand-in alike. */
test("RandomPassword is drawn once, is a secret, and is replaced when a keeper changes", async () => {
  const stack = await newStack({ program, config: { release: "1" } });
  const preview = await stack.preview();
  expect(preview.changes).toEqual({ create: 2 });

  await stack.up();
  const first = await stack.outputs();
  expect(first["length"]).toBe(20);
  expect(first["result"]).toMatch(/^(?=.*\d.*\d)(?=.*[A-Z].*[A-Z])[\w]{20}$/);
  expect((await stack.resource("password")).id).toBe("none");
  expect(stack.rawState()).not.toContain(first["result"]);

  expect((await stack.up()).changes).toEqual({ same: 2 });
  expect((await stack.refresh()).code).toBe(0);
  expect(await stack.outputs()).toEqual(first);

  await stack.config.set("release", "2");
  expect((await stack.previewJson()).json.changeSummary).toEqual({ replace: 1, same: 1 });
  expect((await stack.up()).changes).toEqual({ replace: 1, same: 1 });
  expect((await stack.outputs())["result"]).not.toBe(first["result"]);
  await stack.destroy();
});
