import { runtime } from "@pulumi/pulumi";
import { isUnknown, toWire, wireSecret } from "../provider/secret";

describe("wireSecret", () => {
  test.each([["text"], [""], [0], [false], [["a", "b"]], [{ a: "b" }]])(
    "%p is what the SDK takes for a secret",
    (value) => {
      const wire = wireSecret(value);
      expect(runtime.isRpcSecret(wire)).toBe(true);
      expect(runtime.unwrapRpcSecret(wire)).toEqual(value);
    },
  );

  test("is written with the SDK's own constants, and nothing else", () => {
    expect(wireSecret("text")).toEqual({
      [runtime.specialSigKey]: runtime.specialSecretSig,
      value: "text",
    });
  });
});

describe("isUnknown", () => {
  test("knows the SDK's sentinel", () => expect(isUnknown(runtime.unknownValue)).toBe(true));

  // The engine's, pulumi/pulumi sdk/go/common/resource/plugin/rpc.go.
  test.each([
    ["bool", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"],
    ["number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
    ["string", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
    ["array", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
    ["object", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
  ])("knows the engine's sentinel of a %s", (_kind, sentinel) => {
    expect(isUnknown(sentinel)).toBe(true);
  });

  test.each([undefined, null, "", "canary-Password-1!", 0, [runtime.unknownValue], {}])(
    "takes %p for a value",
    (value) => expect(isUnknown(value)).toBe(false),
  );
});

describe("toWire", () => {
  test("wraps the secrets, also round a list, and leaves the rest as it is", () => {
    const properties = { password: "p", candidates: ["a", "b"], region: "r", revision: 0 };
    expect(toWire(properties, ["password", "candidates", "pendingPasswords"])).toEqual({
      password: wireSecret("p"),
      candidates: wireSecret(["a", "b"]),
      region: "r",
      revision: 0,
    });
  });

  test.each(["", 0, false, []])("wraps a secret %p", (value) => {
    expect(toWire({ password: value }, ["password"])).toEqual({ password: wireSecret(value) });
  });

  test("leaves out what has no value", () => {
    const wire = toWire({ password: undefined, taskId: undefined, a: null }, ["password"]);
    expect(Object.keys(wire)).toEqual(["a"]);
  });

  test("leaves a secret that is not known yet as the sentinel", () => {
    const { unknownValue } = runtime;
    expect(toWire({ password: unknownValue }, ["password"])).toEqual({ password: unknownValue });
  });
});
