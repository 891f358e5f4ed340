import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../emulator";
import { get, opens, post, start } from "./support/emulator";
import { api } from "./support/tencentcloud";

const type = "tencentcloud:RedisInstancePassword";
const instance = { instanceId: "crs-5a4p1234" };
const set = (fields: object) => ({ tencentcloud: { redis: [{ ...instance, ...fields }] } });

describe("a change outside", () => {
  test("sets the password and moves the modification times, each time by a second at least", async () => {
    const emulator = await start();
    const record = async () => (await get(emulator, "accounts")).json.tencentcloud.redis[0];
    expect((await post(emulator, "accounts", set({ password: "Out51de_pw" }))).status).toBe(200);
    const first = await record();
    expect(first.password).toBe("Out51de_pw");
    expect(first.passwordModifiedTime).toBe(first.modifiedTime);
    await post(emulator, "accounts", set({ password: "Out52de_pw" }));
    const second = await record();
    expect(Date.parse(second.modifiedTime) - Date.parse(first.modifiedTime)).toBeGreaterThanOrEqual(
      1000,
    );
    expect(await opens(emulator, type, instance, "Out52de_pw")).toBe(true);
  });

  test("of a flag moves the modification time but not the password's", async () => {
    const emulator = await start();
    await post(emulator, "accounts", set({ status: 4 }));
    const [record] = (await get(emulator, "accounts")).json.tencentcloud.redis;
    expect(record.modifiedTime).toEqual(expect.any(String));
    expect(record).not.toHaveProperty("passwordModifiedTime");
  });

  test.each([{ deny: ["DescribeInstances"] }, { taskMs: 10 }, { instanceStatus: 1 }])(
    "of %p is none of the account: no time moves",
    async (fields) => {
      const emulator = await start();
      await post(emulator, "accounts", set(fields));
      const { json } = await get(emulator, "accounts");
      expect(json.tencentcloud.redis[0]).toEqual({
        ...instance,
        password: "zy45Old_pw",
        ...fields,
      });
    },
  );

  test("takes a field back with null, and keeps a time that it is given", async () => {
    const emulator = await start();
    await post(emulator, "accounts", set({ noAuth: true, modifiedTime: "2025-01-01T00:00:00Z" }));
    await post(emulator, "accounts", set({ deny: ["DescribeInstances"] }));
    await post(emulator, "accounts", set({ deny: null }));
    const { json } = await get(emulator, "accounts");
    expect(json.tencentcloud.redis[0]).toEqual({
      ...instance,
      password: "zy45Old_pw",
      noAuth: true,
      modifiedTime: "2025-01-01T00:00:00Z",
    });
  });

  test("of an account that is not there is 404, and changes none of the others", async () => {
    const emulator = await start();
    const { status, json } = await post(emulator, "accounts", {
      tencentcloud: {
        redis: [
          { ...instance, password: "Out51de_pw" },
          { instanceId: "crs-none", password: "x" },
        ],
      },
    });
    expect(status).toBe(404);
    expect(json).toEqual({ error: "tencentcloud.redis[1]: no such account" });
    expect(await opens(emulator, type, instance, "zy45Old_pw")).toBe(true);
  });

  test("of another region's account is 404", async () => {
    const emulator = await start({
      accounts: {
        tencentcloud: { redis: [{ ...instance, region: "ap-beijing", password: "zy45Old_pw" }] },
      },
    });
    const patch = (region: string) =>
      post(emulator, "accounts", set({ region, password: "Out51de_pw" }));
    expect((await patch("ap-guangzhou")).status).toBe(404);
    expect((await patch("ap-beijing")).status).toBe(200);
  });

  test("sets the generation of the Service Center", async () => {
    const emulator = await start();
    const huaweicloud = { servicecombGeneration: "2025-06" };
    await post(emulator, "accounts", { huaweicloud });
    expect((await get(emulator, "accounts")).json.huaweicloud).toMatchObject(huaweicloud);
  });
});

test("the default accounts are not changed by an emulator that uses them", async () => {
  const first = await start();
  await post(first, "accounts", set({ password: "Out51de_pw" }));
  expect(await opens(await start(), type, instance, "zy45Old_pw")).toBe(true);
  await post(first, "reset");
  expect(await opens(first, type, instance, "zy45Old_pw")).toBe(true);
});

describe("the state file", () => {
  let folder: string;
  let state: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "emulator-state-"));
    state = join(folder, "state.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("keeps the accounts over restarts, in the accounts file's form, for its owner only", async () => {
    const first = await startEmulator({ state });
    expect(statSync(state).mode & 0o777).toBe(0o600);
    await post(first, "accounts", set({ password: "Out51de_pw", taskMs: 20 }));
    expect(JSON.parse(readFileSync(state, "utf8"))).toEqual((await get(first, "accounts")).json);
    await first.close();

    const second = await startEmulator({ state });
    expect(await opens(second, type, instance, "Out51de_pw")).toBe(true);
    const expected = (await get(second, "accounts")).json;
    expect(expected.tencentcloud.redis[0].taskMs).toBe(20);
    await second.close();
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });

  test("has a confirmed change before it is answered, and a task's at the latest on closing", async () => {
    const emulator = await startEmulator({ state });
    await api(emulator, {
      service: "mariadb",
      action: "ResetAccountPassword",
      body: {
        InstanceId: "tdsql-fdpjf5zh",
        UserName: "app",
        Host: "10.%",
        Password: "efgh9876_.",
      },
    });
    expect(readFileSync(state, "utf8")).toContain("efgh9876_.");
    await post(emulator, "accounts", set({ taskMs: 60_000 }));
    await api(emulator, {
      service: "redis",
      action: "ModifyInstancePassword",
      body: { InstanceId: "crs-5a4p1234", OldPassword: "zy45Old_pw", Password: "4569New_pw" },
    });
    expect(readFileSync(state, "utf8")).not.toContain("4569New_pw");
    await emulator.close();
    expect(readFileSync(state, "utf8")).toContain("4569New_pw");
  });

  test("is made readable for its owner only where it was readable for all", async () => {
    writeFileSync(state, JSON.stringify(set({ password: "Kept123_pw" })), { mode: 0o644 });
    const emulator = await startEmulator({ state });
    expect(statSync(state).mode & 0o777).toBe(0o600);
    await emulator.close();
  });

  test("wins over the accounts file; accounts that only the file has are added", async () => {
    writeFileSync(state, JSON.stringify(set({ password: "Kept123_pw" })));
    const accounts = join(folder, "accounts.json");
    const fresh = { instanceId: "crs-new", password: "Fresh123_pw" };
    const file = { tencentcloud: { redis: [{ ...instance, password: "File123_pw" }, fresh] } };
    writeFileSync(accounts, JSON.stringify(file));
    const emulator = await startEmulator({ state, accounts });
    expect(await opens(emulator, type, instance, "Kept123_pw")).toBe(true);
    expect(await opens(emulator, type, { instanceId: "crs-new" }, "Fresh123_pw")).toBe(true);
    await post(emulator, "reset");
    expect(await opens(emulator, type, instance, "File123_pw")).toBe(true);
    expect(readFileSync(state, "utf8")).not.toContain("Kept123_pw");
    await emulator.close();
  });

  test.each([
    ["{ broken", /state\.json: not JSON$/],
    [
      '{"tencentcloud":{"redis":[{}]}}',
      /state\.json: tencentcloud\.redis\[0\]: instanceId is missing$/,
    ],
  ])("that holds %s stops the start and stays as it is", async (content, text) => {
    writeFileSync(state, content);
    await expect(startEmulator({ state })).rejects.toThrow(text);
    expect(readFileSync(state, "utf8")).toBe(content);
  });
});
