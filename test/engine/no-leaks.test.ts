import { leaks } from "../leaks";
import { five, generatedProgram, imports, named } from "./accounts";
import { newEmulator } from "./emulator";
import { newStack, type Stack } from "./harness";

/**
 * No password outside the encrypted state, in none of the forms in which one travels.
 *
 * Canaries are the passwords that exist in the run: configured, generated, pending, refused, and
 * the keys.
 */
const configured = "Canary+configured-1x9";
const rotated = "Canary+rotated-2x9";
const refused = "Canary+refused-3x9;";
const rbacPassword = "Canary-rbac-4x9";

/** Passwords that the state holds, wherever in it. */
async function passwordsIn(stack: Stack): Promise<string[]> {
  const { resources, pending_operations = [] } = await stack.export();
  const names = /^(password|currentPassword|candidates|pendingPasswords|result|previous|history)$/;
  const found = [...resources, ...pending_operations.map(({ resource }) => resource)].flatMap(
    ({ inputs = {}, outputs = {} }) =>
      [...Object.entries(inputs), ...Object.entries(outputs)]
        .filter(([name]) => names.test(name))
        .flatMap(([, value]) => value),
  );
  return [...new Set(found.filter((value): value is string => typeof value === "string"))];
}

const program = (release: string) =>
  `${generatedProgram(`keepers: { release: "${release}" }`, [named("robot"), named("orders"), named("cache")])}
export const app = new tencentcloud.MariadbAccountPassword("app", {
  instanceId: "tdsql-fdpjf5zh", userName: "app", host: "10.%", password: config.requireSecret("app"), timeoutSeconds: 2,
});
export const alice = new huaweicloud.ServicecombAccountPassword("alice", {
  engineId: "engine-1", accountName: "alice", currentPassword: config.requireSecret("aliceCurrent"),
  password: config.requireSecret("alice"), timeoutSeconds: 2,
});
`.replace(imports + imports, imports);

test("console, state, pending operations, outputs and the command line's own logs hold none", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: program("1"),
    secretConfig: { app: configured, alice: configured, aliceCurrent: refused },
    env: {
      ...emulator.environment,
      // A self-change, so that a refused password travels.
      SERVICECOMB_RBAC_ACCOUNT: "alice",
      SERVICECOMB_RBAC_PASSWORD: rbacPassword,
    },
  });
  const texts: string[] = [];
  const keep = async (result: Promise<{ text: string }>) => texts.push((await result).text);

  // alice's current password is wrong: a refused login, remembered.
  // (The others go on: which of them had begun by then would be chance.)
  const others = ["--continue-on-error"];
  await keep(stack.up({ preview: true, expect: "failure", args: others }));
  await keep(stack.preview({ diff: true, expect: "any" }));
  texts.push((await stack.previewJson({ expect: "any" })).stdout);
  stack.setProgram(program("2"));
  await stack.config.set("app", rotated, { secret: true });
  await emulator.addFaults({ service: "mariadb", when: "after", what: "garbage", times: 50 });
  await keep(stack.up({ preview: true, expect: "failure", args: others }));
  await keep(stack.refresh({ diff: true }));
  await keep(stack.preview({ diff: true, expect: "any" }));
  // A rejected value must not be quoted either.
  await stack.config.set("app", refused, { secret: true });
  await keep(stack.preview({ expect: "failure" }));

  // Killed in the middle: the pending operations.
  await emulator.clearFaults();
  await stack.config.set("app", configured, { secret: true });
  await emulator.addFaults({ service: "mariadb", when: "after", what: "hang", times: 5 });
  const writes = (await emulator.writes()).length;
  const run = stack.spawnUp({ args: others });
  while ((await emulator.writes()).length === writes)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await stack.untilState((text) => text.includes('"pending_operations"'));
  await run.killAll();
  await stack.endProcesses();
  texts.push(run.text());

  const inState = await passwordsIn(stack);
  expect(inState).toEqual(expect.arrayContaining([configured, rotated]));
  expect(inState.length).toBeGreaterThanOrEqual(9);
  const secrets = [
    ...inState,
    configured,
    rotated,
    refused,
    rbacPassword,
    ...five.map(({ first }) => first),
    emulator.environment["TENCENTCLOUD_SECRET_KEY"] ?? "",
    emulator.environment["HW_USER_PASSWORD"] ?? "",
  ];
  const raw = stack.rawState();
  expect(raw).toContain("pending_operations");
  expect(raw).toContain("ciphertext");
  const logs = stack.logs();
  expect(logs.length).toBeGreaterThan(0);
  texts.push((await stack.pulumi(["stack", "output"])).text);
  texts.push((await stack.pulumi(["stack", "output", "--json"])).text);
  expect(texts.map((text) => leaks(text, secrets))).toEqual(texts.map(() => []));
  expect(leaks(raw, secrets)).toEqual([]);
  expect(logs.map(({ name, text }) => [name, leaks(text, secrets)])).toEqual(
    logs.map(({ name }) => [name, []]),
  );
});

test("with -v=9 only the RPC lines that Pulumi prints for every provider show passwords", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: program("1"),
    secretConfig: { app: configured, alice: configured, aliceCurrent: named("alice").first },
    env: emulator.environment,
  });
  const { stdout, stderr } = await stack.up({ args: ["-v=9", "--logtostderr", "--logflow"] });
  const secrets = await passwordsIn(stack);
  expect(leaks(stdout, secrets)).toEqual([]);
  const telling = stderr.split("\n").filter((line) => leaks(line, secrets).length > 0);
  const messages = telling.map((line) => (JSON.parse(line) as { msg: string }).msg.slice(0, 60));
  // The engine's marshalling of an RPC, and the SDK's report of one: for any provider and secret.
  const pulumis =
    /^(Unm|M)arshaling property for RPC\[|^RegisterResource RPC finished: |^eventSink::Debug\(<\{%reset%\}>(RegisterResource RPC finished: |(Unm|M)arshaling)/;
  expect(messages.length).toBeGreaterThan(0);
  expect(messages.filter((message) => !pulumis.test(message))).toEqual([]);
});
