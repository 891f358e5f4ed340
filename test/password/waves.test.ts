import * as pulumi from "@pulumi/pulumi";
import { inWaves } from "../../provider/password/waves";
import { providerLiteral } from "../../provider/provider-literal";

const registered: pulumi.runtime.MockResourceArgs[] = [];
beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      return { id: args.name, state: args.inputs };
    },
    call: () => ({}),
  }),
);
beforeEach(() => registered.splice(0));

class Item extends pulumi.CustomResource {
  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Item", name, {}, opts);
  }
}

const idle = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("inWaves", () => {
  test("puts one tiny resource between two waves, of a fixed type and text", async () => {
    const items = inWaves(
      "w",
      [1, 2, 3, 4, 5, 6],
      { canary: 1, size: 2 },
      (n, opts) => new Item(`item${n}`, opts),
    );
    expect(items).toHaveLength(6);
    await idle();
    const waves = registered.filter(({ type }) => type.endsWith(":Wave"));
    expect(waves.map(({ name }) => name)).toEqual(["w-0", "w-1", "w-2"]);
    for (const { type, inputs } of waves) {
      expect(type).toBe("pulumi-nodejs:dynamic/password:Wave");
      expect(inputs).toEqual({ __provider: providerLiteral("password:Wave") });
    }
  });

  test("hands each item the end of the wave before it", () => {
    const before: [number, number][] = [];
    inWaves("w", [1, 2, 3, 4, 5], { canary: 2, size: 2 }, (n, { dependsOn }) => {
      before.push([n, dependsOn.length]);
      return [new Item(`item${n}`)];
    });
    expect(before).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
      [5, 1],
    ]);
  });

  test("declares no resource of its own for one wave, or none", async () => {
    expect(inWaves("w", [], { canary: 3, size: 20 }, () => [])).toEqual([]);
    inWaves("w", [1, 2, 3], { canary: 3, size: 20 }, (n) => new Item(`item${n}`));
    await idle();
    expect(registered.map(({ name }) => name)).toEqual(["item1", "item2", "item3"]);
  });

  test.each([
    ["canary", { canary: 0, size: 20 }],
    ["canary", { canary: 1.5, size: 20 }],
    ["size", { canary: 1, size: -1 }],
    ["size", { canary: 1, size: Number.NaN }],
    ["size", { canary: 1, size: "20" as unknown as number }],
    ["size", { canary: 1 } as { canary: number; size: number }],
  ])("refuses a %s that is no whole number of at least 1", (argument, sizes) => {
    const declare = jest.fn();
    expect(() => inWaves("w", [1], sizes, declare)).toThrow(
      expect.objectContaining({
        code: "INVALID_ARGUMENT",
        message: expect.stringContaining(`${argument} must be a whole number`),
      }),
    );
    expect(declare).not.toHaveBeenCalled();
  });

  test.each([undefined, [], ["item"], [undefined]])(
    "refuses a callback that returns %p: nothing would be waited for",
    (result) => {
      const declare = () => result as unknown as pulumi.Resource;
      expect(() => inWaves("w", [1], { canary: 1, size: 1 }, declare)).toThrow(
        expect.objectContaining({ code: "INVALID_ARGUMENT" }),
      );
    },
  );
});
