import { chosen, configuredProgram, five, logsIn, named } from "./accounts";
import { newEmulator } from "./emulator";
import { newStack } from "./harness";

/** Replacement, adoption, refresh and the end of a resource. */

const app = named("app");
const first = chosen(app, 1);

test("another account in its place replaces; another default region does not", async () => {
  const emulator = await newEmulator({
    accounts: {
      tencentcloud: {
        mariadb: [
          { instanceId: "tdsql-fdpjf5zh", userName: "app", host: "10.%", password: app.first },
          { instanceId: "tdsql-fdpjf5zh", userName: "app", host: "%", password: app.first },
        ],
      },
    },
  });
  const stack = await newStack({
    program: configuredProgram([app]),
    secretConfig: { app: first },
    env: emulator.environment,
  });
  await stack.up();

  const elsewhere = { TENCENTCLOUD_REGION: "ap-shanghai" };
  expect((await stack.previewJson({ env: elsewhere })).json.changeSummary).toEqual({ same: 2 });

  const anyHost = { ...app, account: { ...app.account, host: "%" } };
  stack.setProgram(configuredProgram([anyHost]));
  const { json } = await stack.previewJson();
  expect(json.changeSummary).toEqual({ same: 1, replace: 1 });
  await stack.up();
  expect(await logsIn(emulator, anyHost, first)).toBe(true);
  expect(await logsIn(emulator, app, first)).toBe(true);
  expect((await stack.resource("app")).id).toBe("ap-guangzhou/tdsql-fdpjf5zh/app/%25");
});

test("currentPassword the same as password adopts with no call, vendor-made ones too", async () => {
  const vendorMade = "kukui1ECDL8kr9cm6W66Me8PlhHemFmC".replace("kukui", "Canary");
  const robot = named("robot");
  const emulator = await newEmulator({
    accounts: {
      tencentcloud: {
        tcr: [{ registryId: "tcr-gijwqid7", accountName: "robot", password: vendorMade }],
      },
    },
  });
  const stack = await newStack({
    program: configuredProgram(
      [{ ...robot, account: { ...robot.account, accountName: "tcr$robot" } }],
      {
        robot: `currentPassword: config.requireSecret("robot"),`,
      },
    ),
    secretConfig: { robot: vendorMade },
    env: emulator.environment,
  });
  await stack.up();
  expect(await emulator.requests()).toEqual([]);
  const { outputs, id } = await stack.resource("robot");
  expect(id).toBe("ap-guangzhou/tcr-gijwqid7/robot");
  expect(outputs).toMatchObject({ status: "adopted", revision: 0, accountName: "robot" });

  // In the state already, so never validated again, with or without currentPassword.
  stack.setProgram(configuredProgram([robot]));
  expect((await stack.previewJson()).json.changeSummary).toEqual({ same: 1, update: 1 });
  await stack.up();
  expect(await emulator.requests()).toEqual([]);

  await stack.config.set("robot", chosen(robot, 1), { secret: true });
  await stack.up();
  expect((await stack.resource("robot")).outputs).toMatchObject({
    status: "confirmed",
    revision: 1,
  });
  expect(await logsIn(emulator, robot, chosen(robot, 1))).toBe(true);
});

test("refresh drops what is certainly gone, and only that; up sets it again", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: configuredProgram(),
    secretConfig: Object.fromEntries(five.map((each) => [each.name, chosen(each, 1)])),
    env: emulator.environment,
  });
  await stack.up();
  const gone = five.filter(({ name }) => name !== "cache");
  for (const { type, account } of gone) {
    const [vendor = "", service = ""] = {
      tencentcloud: ["tencentcloud", type.replace(/.*:([A-Z][a-z]+).*/, "$1").toLowerCase()],
      huaweicloud: ["huaweicloud", "servicecomb"],
    }[type.split(":")[0] as "tencentcloud"];
    await emulator.setAccounts({ [vendor]: { [service]: [{ ...account, deleted: true }] } });
  }
  const { text } = await stack.refresh();
  const left = (await stack.export()).resources.map(({ urn }) => urn.split("::").at(-1));
  expect(left.filter((name) => five.some((each) => each.name === name))).toEqual(["cache"]);
  expect(text).toMatch(/does not exist any more/);
  // None of them comes back by itself: each is an account that does not exist.
  const { text: failed } = await stack.up({ expect: "failure" });
  expect(failed).toContain("NOT_FOUND");
});

test("refresh with a wrong key, secret or profile keeps everything, with a warning", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: configuredProgram(),
    secretConfig: Object.fromEntries(five.map((each) => [each.name, chosen(each, 1)])),
    env: emulator.environment,
  });
  await stack.up();
  const outputs = async () => (await stack.export()).resources.map(({ outputs: all }) => all);
  const before = await outputs();
  for (const env of [
    { TENCENTCLOUD_SECRET_ID: "AKIDnobody", HW_USER_PASSWORD: "wrong-canary-word" },
    { TENCENTCLOUD_SECRET_KEY: "wrong-canary-key", HW_USER_NAME: "nobody" },
    { TENCENTCLOUD_SECRET_ID: "", TENCENTCLOUD_SECRET_KEY: "", HW_USER_NAME: "nobody" },
  ]) {
    const { text } = await stack.refresh({ env });
    expect(text.match(/could not be read, so the state is kept/g)?.length).toBeGreaterThanOrEqual(
      5,
    );
    expect(await outputs()).toEqual(before);
  }
  expect((await stack.previewJson()).json.changeSummary).toEqual({ same: 6 });
});

test("refresh where the instances are not visible keeps the state, and says so until they are", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: configuredProgram(),
    secretConfig: Object.fromEntries(five.map((each) => [each.name, chosen(each, 1)])),
    env: emulator.environment,
  });
  await stack.up();
  const others = await newEmulator({
    accounts: {
      tencentcloud: {
        mariadb: [{ instanceId: "tdsql-other", userName: "app", host: "%", password: app.first }],
      },
      huaweicloud: {
        servicecomb: [{ engineId: "engine-2", accountName: "bob", password: "Canary+bob1x9" }],
      },
    },
  });
  const { text } = await stack.refresh({ env: others.environment, diff: true });
  expect(text).toContain("instance not found");
  const names = five.map(({ name }) => name).filter((name) => name !== "alice");
  for (const name of names)
    expect((await stack.resource(name)).outputs["drift"]).toBe("instance not found");
  for (const { name } of five)
    expect((await stack.resource(name)).outputs["password"]).toBe(chosen(named(name), 1));

  await stack.refresh();
  for (const { name } of five) expect((await stack.resource(name)).outputs["drift"]).toBe("none");
  expect((await stack.previewJson()).json.changeSummary).toEqual({ same: 6 });
});

test("nothing is sent without checkpoints, nor when the stack moves to another endpoint", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({
    program: configuredProgram([app]),
    secretConfig: { app: first },
    env: emulator.environment,
  });
  const skipped = { PULUMI_SKIP_CHECKPOINTS: "true" };
  expect((await stack.up({ env: skipped, expect: "failure" })).text).toContain(
    "CHECKPOINTS_SKIPPED",
  );
  expect(await emulator.requests()).toEqual([]);

  await stack.up();
  const production = { ACCOUNT_PASSWORDS_EMULATOR: "", TENCENTCLOUD_ENDPOINT: "" };
  for (const run of [stack.up.bind(stack), stack.preview.bind(stack), stack.refresh.bind(stack)]) {
    const { text } = await run({ env: production, expect: "failure" });
    expect(text).toContain("ENDPOINT_CHANGED");
  }
});

test("a take-over program that is moved without an alias does not lose the live password", async () => {
  const emulator = await newEmulator();
  const program = (name: string) =>
    configuredProgram([app], { app: `currentPassword: config.requireSecret("current"),` }).replace(
      `"app", {`,
      `"${name}", {`,
    );
  const stack = await newStack({
    program: program("app"),
    secretConfig: { app: app.first, current: app.first },
    env: emulator.environment,
  });
  await stack.up();
  await stack.config.set("app", first, { secret: true });
  await stack.up();
  await stack.config.set("app", app.first, { secret: true });
  stack.setProgram(program("moved"));
  const { text } = await stack.up({ expect: "failure" });
  expect(text).toContain("ADOPTED_OTHER_PASSWORD");
  expect((await stack.resource("app")).outputs["password"]).toBe(first);
});
