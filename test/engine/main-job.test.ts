import { chosen, configuredProgram, five, logsIn, named } from "./accounts";
import { newEmulator, type TestEmulator } from "./emulator";
import { newStack, type PreviewJson, type Stack } from "./harness";

/** The main job on the real engine: five accounts, set, reviewed, rotated. */
describe("five accounts with passwords of the configuration", () => {
  let emulator: TestEmulator;
  let stack: Stack;
  const password = (name: string, n: number) => chosen(named(name), n);

  beforeAll(async () => {
    emulator = await newEmulator();
    stack = await newStack({
      program: configuredProgram(five, {
        cache: `currentPassword: pulumi.secret(${JSON.stringify(named("cache").first)}),`,
      }),
      secretConfig: Object.fromEntries(five.map(({ name }) => [name, password(name, 1)])),
      env: emulator.environment,
    });
  });

  test("the first up makes five vendor calls, and each password logs in", async () => {
    await stack.up();
    const writes = await emulator.writes();
    expect(writes.map(({ service, outcome }) => `${service} ${outcome}`).sort()).toEqual([
      "cse ok",
      "mariadb ok",
      "postgres ok",
      "redis ok",
      "tcr ok",
    ]);
    for (const account of five) {
      expect(await logsIn(emulator, account, password(account.name, 1))).toBe(true);
      expect(await logsIn(emulator, account, account.first)).toBe(false);
      const { outputs } = await stack.resource(account.name);
      expect(outputs).toMatchObject({
        ...account.account,
        password: password(account.name, 1),
        status: "confirmed",
        revision: 1,
        drift: "none",
        endpoint: new URL(emulator.url).host,
      });
      expect(outputs["changedAt"]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(outputs["pendingPasswords"]).toBeUndefined();
    }
  });

  test("ids are the resolved identity, in the order of the arguments", async () => {
    const ids = [];
    for (const { name } of five) ids.push((await stack.resource(name)).id);
    expect(ids).toEqual([
      "ap-guangzhou/tcr-gijwqid7/robot",
      "ap-guangzhou/tdsql-fdpjf5zh/app/10.%25",
      "ap-guangzhou/postgres-lnp6j617/app",
      "ap-guangzhou/crs-5a4p1234",
      "cn-north-4/0123456789abcdef0123456789abcdef/engine-1/alice",
    ]);
  });

  test("a second up changes nothing and writes nothing", async () => {
    const before = (await emulator.writes()).length;
    const { text } = await stack.up();
    expect(text).toContain("6 unchanged");
    expect(text).not.toMatch(/updated|created/);
    expect(await emulator.writes()).toHaveLength(before);
  });

  test("a preview of one changed password shows exactly that, and no value", async () => {
    await stack.config.set("app", password("app", 2), { secret: true });
    const { json, stdout } = await stack.previewJson();
    expect(updates(json)).toEqual(["app"]);
    expect(stdout).not.toContain(password("app", 1));
    expect(stdout).not.toContain(password("app", 2));

    const { text } = await stack.preview({ diff: true });
    expect(text).toMatch(/~ password: \[secret\] => \[secret\]/);
    expect(text.match(/\(update\)/g)).toHaveLength(1);
  });

  test("up rotates that one only: old refused, new accepted, revision 2", async () => {
    const before = (await emulator.writes()).length;
    await stack.up();
    const writes = (await emulator.writes()).slice(before);
    expect(writes.map(({ service }) => service)).toEqual(["mariadb"]);
    expect(await logsIn(emulator, named("app"), password("app", 1))).toBe(false);
    expect(await logsIn(emulator, named("app"), password("app", 2))).toBe(true);
    const { outputs } = await stack.resource("app");
    expect(outputs).toMatchObject({ revision: 2, status: "confirmed" });
  });

  test("taking currentPassword out stores that without a call", async () => {
    const before = (await emulator.requests()).length;
    stack.setProgram(configuredProgram());
    const { text } = await stack.up();
    expect(text).toContain("1 updated");
    expect(await emulator.requests()).toHaveLength(before);
    const { outputs, inputs } = await stack.resource("cache");
    expect(outputs["revision"]).toBe(1);
    expect([outputs["currentPassword"], inputs["currentPassword"]]).toEqual([undefined, undefined]);
    expect((await stack.previewJson()).json.changeSummary).toEqual({ same: 6 });
  });

  test("all five at once: a second rotation, Redis with its old password", async () => {
    await stack.config.setAll(
      {},
      Object.fromEntries(five.map(({ name }) => [name, password(name, 3)])),
    );
    const before = (await emulator.writes()).length;
    await stack.up();
    const writes = (await emulator.writes()).slice(before);
    expect(writes.map(({ action, outcome }) => `${action} ${outcome}`).sort()).toEqual([
      "ChangeAccountPassword ok",
      "ModifyInstancePassword ok",
      "ModifyServiceAccountPassword ok",
      "ResetAccountPassword ok",
      "ResetAccountPassword ok",
    ]);
    for (const account of five)
      expect(await logsIn(emulator, account, password(account.name, 3))).toBe(true);
  });

  test("a refresh finds nothing, and the preview after it is empty", async () => {
    const { text } = await stack.refresh({ diff: true });
    expect(text).toContain("6 unchanged");
    expect((await stack.previewJson()).json.changeSummary).toEqual({ same: 6 });
  });

  test("destroy makes no call at all, and leaves every password as it is", async () => {
    const before = (await emulator.requests()).length;
    const { text } = await stack.destroy();
    expect(text).toContain("keeps its password");
    expect(await emulator.requests()).toHaveLength(before);
    for (const account of five)
      expect(await logsIn(emulator, account, password(account.name, 3))).toBe(true);
  });
});

function updates({ steps }: PreviewJson): string[] {
  return steps.filter(({ op }) => op !== "same").map(({ urn }) => urn.split("::").at(-1) ?? urn);
}
