import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import type { PasswordPolicy } from "../../provider/password/policy";
import { RotatingPassword } from "../../provider/password/rotating-password";
import type { RotatingPasswordArgs } from "../../provider/password/rotating-password";
import { providerLiteral } from "../../provider/provider-literal";
import { redisPolicy } from "./policies";

const registered: pulumi.runtime.MockResourceArgs[] = [];

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      const outputs = { result: "new", history: ["old", "older"], version: 3, reason: "first" };
      return { id: "password-1", state: { ...args.inputs, ...outputs } };
    },
    call: () => ({}),
  }),
);
beforeEach(() => registered.splice(0));

function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Declares one, and waits until the engine has been told. */
async function declare(args: RotatingPasswordArgs, opts?: pulumi.CustomResourceOptions) {
  const resource = new RotatingPassword("cache", args, opts);
  await value(resource.urn);
  return { resource, registration: registered[0]! };
}

describe("RotatingPassword", () => {
  test("is to the engine a dynamic resource with a fixed text for its provider", async () => {
    const { registration } = await declare({ policy: redisPolicy });
    expect(registration.type).toBe("pulumi-nodejs:dynamic/password:RotatingPassword");
    expect(registration.inputs).toEqual({
      policy: "tencentcloud:RedisInstancePassword",
      __provider: providerLiteral("password:RotatingPassword"),
    });
  });

  test("passes every argument on, initial as a secret", async () => {
    const { registration } = await declare({
      policy: redisPolicy,
      length: 20,
      keepers: { owner: pulumi.output("ops") },
      rotateEvery: { days: 90 },
      initial: "live-one",
      initialGeneratedAt: "2025-06-01T00:00:00Z",
    });
    expect(registration.inputs).toMatchObject({
      length: 20,
      keepers: { owner: "ops" },
      rotateEvery: { days: 90 },
      initial: {
        [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
        value: "live-one",
      },
      initialGeneratedAt: "2025-06-01T00:00:00Z",
    });
  });

  test("names its secret outputs, beside the user's", async () => {
    const base = jest.spyOn(MockMonitor.prototype, "registerResource");
    await declare({ policy: redisPolicy }, { additionalSecretOutputs: ["reason"] });
    const request = base.mock.calls[0]![0] as { getAdditionalsecretoutputsList(): string[] };
    expect(request.getAdditionalsecretoutputsList().sort()).toEqual([
      "history",
      "initial",
      "previous",
      "reason",
      "result",
    ]);
  });

  test("has its outputs from the start", async () => {
    const resource = new RotatingPassword("cache", { policy: redisPolicy });
    expect(await value(resource.result)).toBe("new");
    expect(await value(resource.history)).toEqual(["old", "older"]);
    expect(await value(resource.previous)).toBe("old");
    expect(await value(resource.version)).toBe(3);
    for (const name of ["generatedAt", "nextRotation", "adoptedAt", "length", "policy"] as const)
      expect(pulumi.Output.isInstance(resource[name])).toBe(true);
  });

  test("accepts arguments that are undefined", async () => {
    const { registration } = await declare({
      policy: redisPolicy,
      length: undefined,
      keepers: undefined,
      rotateEvery: undefined,
      initial: undefined,
      initialGeneratedAt: undefined,
    });
    expect(Object.keys(registration.inputs).sort()).toEqual(["__provider", "policy"]);
  });

  test("accepts a policy of another copy of this package", async () => {
    const copy = { name: redisPolicy.name, violations: () => [] } as unknown as PasswordPolicy;
    const { registration } = await declare({ policy: copy });
    expect(registration.inputs["policy"]).toBe(redisPolicy.name);
  });

  test.each<[string, unknown]>([
    ["no arguments", undefined],
    ["no policy", {}],
    ["a policy's name", { policy: redisPolicy.name }],
    ["an object that is no policy", { policy: { ...redisPolicy } }],
    ["an argument that does not exist", { policy: redisPolicy, weeks: 2 }],
    ["a keeper that is not set", { policy: redisPolicy, keepers: { release: undefined } }],
    ["an output as an argument", { policy: redisPolicy, version: 1 }],
  ])("refuses %s", (_, args) => {
    expect(() => new RotatingPassword("cache", args as RotatingPasswordArgs)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
    expect(registered).toEqual([]);
  });

  test.each<[string, pulumi.CustomResourceOptions]>([
    ["import", { import: "password-1" }],
    ["id", { id: "password-1" }],
  ])("refuses the option %s", (_, opts) => {
    expect(() => new RotatingPassword("cache", { policy: redisPolicy }, opts)).toThrow(
      expect.objectContaining({ code: "IMPORT_UNSUPPORTED" }),
    );
  });

  test("isInstance knows its own, also from another copy of this package", async () => {
    const { resource } = await declare({ policy: redisPolicy });
    expect(RotatingPassword.isInstance(resource)).toBe(true);
    class Other extends pulumi.CustomResource {}
    const type = "pulumi-nodejs:dynamic/password:RotatingPassword";
    expect(RotatingPassword.isInstance(new Other(type, "copy"))).toBe(true);
    expect(RotatingPassword.isInstance(new Other("a:b:C", "other"))).toBe(false);
    expect(RotatingPassword.isInstance("password")).toBe(false);
    expect(RotatingPassword.isInstance(undefined)).toBe(false);
  });
});
