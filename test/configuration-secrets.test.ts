import * as pulumi from "@pulumi/pulumi";
import { runInPulumiStack } from "@pulumi/pulumi/runtime/stack";
import { refusePlainSecrets } from "../provider/configuration-secrets";
import { tencentcloud } from "../provider";

const secretKeys = [
  "tencentcloud:secretKey",
  "tencentcloud:securityToken",
  "huaweicloud:token",
  "huaweicloud:password",
  "servicecomb:rbacToken",
  "servicecomb:rbacPassword",
  "servicecomb:rbacToken_ENGINE_1",
  "servicecomb:rbacPassword_ENGINE_1",
];
const plainKeys = [
  "tencentcloud:secretId",
  "tencentcloud:region",
  "tencentcloud:endpoint",
  "huaweicloud:userName",
  "huaweicloud:domainName",
  "huaweicloud:projectId",
  "servicecomb:rbacAccount",
  "servicecomb:engineEndpoint",
  "project:tencentcloud",
];
const value = "shouldNotShow1";

function configure(keys: readonly string[], secret: readonly string[] = []): void {
  const config = Object.fromEntries(keys.map((key) => [key, value]));
  pulumi.runtime.setAllConfig(config, [...secret]);
}

afterEach(() => configure([]));

test.each(secretKeys)(
  "refusePlainSecrets() refuses %s in clear, and names it without its value",
  (key) => {
    configure([...plainKeys, key]);
    expect(refusePlainSecrets).toThrow(
      expect.objectContaining({
        code: "CONFIG_NOT_SECRET",
        message: expect.stringMatching(
          new RegExp(`${key} is set in clear.*pulumi config set --secret ${key}`),
        ) as unknown,
      }),
    );
    expect(refusePlainSecrets).not.toThrow(value);
    configure([...plainKeys, key], [key]);
    expect(refusePlainSecrets).not.toThrow();
  },
);

test("refusePlainSecrets() lets what is no secret pass", () => {
  configure(plainKeys);
  expect(refusePlainSecrets).not.toThrow();
});

test("every resource class asks, before it registers anything", async () => {
  const registered: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, inputs }) => {
      registered.push(type);
      return { id: "id", state: inputs };
    },
    call: () => ({}),
  });
  const declare = () =>
    new tencentcloud.RedisInstancePassword("one", {
      region: "r",
      instanceId: "i",
      password: "Some-text-11",
    });
  configure(["huaweicloud:password"]);
  expect(declare).toThrow(expect.objectContaining({ code: "CONFIG_NOT_SECRET" }));
  expect(registered).toEqual([]);
});

test("refusePlainSecrets() asks once in a run, and again in the next", async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ inputs }) => ({ id: "id", state: inputs }),
    call: () => ({}),
  });
  const run = (program: () => void) => runInPulumiStack(() => Promise.resolve(program()));
  const all = jest.spyOn(pulumi.runtime, "allConfig");
  const asked = (): number => all.mock.calls.length;
  await run(() => {
    configure([]);
    refusePlainSecrets();
    refusePlainSecrets();
    expect(asked()).toBe(1);
  });
  configure(["tencentcloud:secretKey"]);
  await run(() => {
    // A refusal is not remembered as an answer.
    expect(refusePlainSecrets).toThrow("is set in clear");
    expect(refusePlainSecrets).toThrow("is set in clear");
  });
});
