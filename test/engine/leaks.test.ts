/**
 * A stack with the five accounts on the real engine, each run under other faults; and no secret in
 * what the command line prints, in the state file, in the outputs or in its own logs.
 */
import { huaweiCloud, tencentCloud } from "../../emulator/credentials";
import type { Fault } from "../../emulator";
import { startHostileVendor } from "../hostile-vendor";
import { canary, leaks, masked } from "../leaks";
import { amount, randomNumbers, record } from "../torture";
import { five } from "./accounts";
import { newEmulator } from "./emulator";
import { newStack } from "./harness";

const { seed, enough, isTorture, timeoutMs } = amount("leaks", 10);
jest.setTimeout(timeoutMs);

/** In torture a tenth of what the runs without an engine are: each takes seconds here. */
const isOver = (runs: number) => (isTorture ? runs >= 100 || enough(runs * 100) : enough(runs));

const kinds = [
  ...["faults", "hostile", "faults", "strangers", "hostile"],
  ...["refused", "faults", "hostile", "unusable", "killed"],
] as const;

/** What the vendors do in one run; each account is met by another one. */
const whats = [
  ...["reset", "garbage", "status:503", "hang", "error:Never.HeardOf", "status:302"],
  ...["error:FailedOperation", "error:InvalidParameter", "error:400001", "error:500003"],
];

test("under faults of every kind no secret leaves the engine", async () => {
  const random = randomNumbers(seed * 7919);
  const of = <T>(...ways: readonly T[]) => ways[Math.floor(random() * ways.length)] as T;
  const emulator = await newEmulator();
  const vendor = await startHostileVendor(random);
  const secrets = new Set([...five.map(({ first }) => first), tencentCloud.secretKey]);
  secrets.add(huaweiCloud.password);
  const secret = (symbols: string, length?: number) => {
    const text = canary(random, symbols, length);
    secrets.add(text);
    return text;
  };

  function program(isRefused: boolean): string {
    const lines = five.map(({ name, className, account, first }) => {
      const symbols = name === "robot" ? "" : of("+%&", "_.-");
      const password = secret(symbols, isRefused ? 40 : 20);
      const current = of(first, secret(symbols), undefined);
      const args = JSON.stringify({ ...account, timeoutSeconds: 1 });
      const given = current === undefined ? "" : `currentPassword: of(${JSON.stringify(current)}),`;
      return `exports.${name} = new ${className}("${name}", { ...${args}, ${given} password: of(${JSON.stringify(password)}) });`;
    });
    // JavaScript: nothing has to be compiled in each of the runs.
    return [
      `const { secret: of } = require("@pulumi/pulumi");`,
      `const { huaweicloud, tencentcloud } = require("pulumi-account-passwords");`,
      ...lines,
    ].join("\n");
  }

  const strangers = () => ({
    TENCENTCLOUD_SECRET_KEY: secret("/+-", 28),
    TENCENTCLOUD_SESSION_TOKEN: of("", secret("/+-", 28)),
    HW_AUTH_TOKEN: secret("-_.", 28),
    ...of(
      { SERVICECOMB_RBAC_ACCOUNT: "", SERVICECOMB_RBAC_PASSWORD: "" },
      { SERVICECOMB_RBAC_ACCOUNT: "alice", SERVICECOMB_RBAC_PASSWORD: secret("+/", 20) },
    ),
  });
  const places = (url: string) => ({
    ACCOUNT_PASSWORDS_EMULATOR: "",
    TENCENTCLOUD_ENDPOINT: url,
    HUAWEICLOUD_CSE_ENDPOINT: url,
    HUAWEICLOUD_IAM_ENDPOINT: url,
    SERVICECOMB_ENGINE_ENDPOINT: url,
  });
  const environments: Record<(typeof kinds)[number], () => Record<string, string>> = {
    faults: () => ({}),
    killed: () => ({}),
    refused: () => ({}),
    strangers,
    hostile: () => ({ ...strangers(), ...places(vendor.url) }),
    unusable: () => places(`https://user:${encodeURIComponent(secret("/+%", 24))}@host.example`),
  };

  const stack = await newStack({
    program: program(false),
    language: "javascript",
    env: emulator.environment,
  });
  const codes = new Set<string>();
  let hasFailed = 0;
  let runs = 0;

  function expectNone(text: string, where: string): void {
    const found = leaks(text, secrets);
    const line = text.split("\n").find((one) => leaks(one, secrets).length > 0) ?? "";
    expect([where, found, found.length > 0 && masked(line, secrets)]).toEqual([where, [], false]);
  }

  for (; !isOver(runs); runs++) {
    const kind = kinds[runs % kinds.length] ?? "faults";
    const where = `seed ${seed}, run ${runs} (${kind})`;
    stack.setEnv({ ...emulator.environment, ...environments[kind]() });
    stack.setProgram(program(kind === "refused"));
    await emulator.clearFaults();
    const texts: string[] = [];
    if (kind === "killed") {
      await emulator.addFaults({ when: "after", what: "hang", times: 20 });
      const writes = (await emulator.writes()).length;
      const run = stack.spawnUp({ args: ["--continue-on-error"] });
      while ((await emulator.writes()).length === writes)
        await new Promise((resolve) => setTimeout(resolve, 20));
      await stack.untilState((text) => text.includes('"pending_operations"'));
      await run.killAll();
      await stack.endProcesses();
      texts.push(run.text());
      expect(stack.rawState()).toContain('"pending_operations"');
      await emulator.clearFaults();
      expectNone(stack.rawState(), `${where}, pending operations`);
      await stack.cancel({ expect: "any" });
    } else {
      const faults = five.map(({ account }): Fault => {
        // The resource's own name for its instance is the emulator's.
        const [[field, value]] = Object.entries(account) as [[string, string]];
        const when = of("before", "after");
        return { account: { [field]: value }, when, what: of(...whats), times: of(1, 9) };
      });
      if (kind === "faults") await emulator.addFaults(...faults);
      const args = ["--continue-on-error", ...of([], ["--diff"])];
      const result = await stack.up({ preview: runs % 5 === 0, expect: "any", args });
      if (result.code !== 0) hasFailed++;
      texts.push(result.text);
    }
    if (runs % 10 === 1) texts.push((await stack.refresh({ diff: true, expect: "any" })).text);
    if (runs % 10 === 3) texts.push((await stack.preview({ diff: true, expect: "any" })).text);
    if (runs % 10 === 6)
      texts.push((await stack.pulumi(["preview", "--json"], { expect: "any" })).text);
    vendor.tokens.forEach((token) => secrets.add(token));
    for (const text of texts) {
      expectNone(text, where);
      for (const [, code = ""] of text.matchAll(/ \(([A-Z_]{5,})[,)]/g)) codes.add(code);
    }
    expectNone(stack.rawState(), `${where}, state`);
  }

  for (const args of [["stack", "output"], ["stack", "output", "--json"], ["stack"]])
    expectNone((await stack.pulumi(args)).text, args.join(" "));
  const logs = stack.logs();
  expect(logs.length).toBeGreaterThan(0);
  for (const { name, text } of logs) expectNone(text, name);
  record("leaks", { engineRuns: runs });

  // Runs without errors would prove nothing.
  expect(hasFailed).toBeGreaterThanOrEqual(Math.floor(runs / 2));
  expect([...codes]).toEqual(
    expect.arrayContaining(["OUTCOME_UNKNOWN", "AUTH_FAILED", "PASSWORD_POLICY"]),
  );
  expect(stack.rawState()).toContain("ciphertext");
});
