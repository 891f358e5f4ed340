import type { Emulator } from "../../../emulator";
import { opens, post, start } from "../support/emulator";
import { adminToken, changeOnEngine, engine, login } from "../support/huaweicloud";

const type = "huaweicloud:ServicecombAccountPassword";
const alice = { engineId: "engine-1", accountName: "alice" };
let emulator: Emulator;
let admin: string;
let developer: string;

beforeAll(async () => {
  emulator = await start();
});
beforeEach(async () => {
  await post(emulator, "reset");
  admin = await adminToken(emulator);
  developer = (await login(emulator, "alice", "Alice@123x")).json.token;
});

const code = async (answer: ReturnType<typeof login>) => {
  const { status, json } = await answer;
  return status === 200 ? "ok" : json.errorCode;
};
const wrongLogin = () => code(login(emulator, "alice", "Wrong@1234x"));
const rightLogin = () => code(login(emulator, "alice", "Alice@123x"));
const change = (currentPassword: string, password = "Alice@124x") =>
  code(changeOnEngine(emulator, "alice", { currentPassword, password }, developer));
const advance = (minutes: number) => post(emulator, "clock", { advanceSeconds: minutes * 60 });

async function ban(): Promise<void> {
  for (let failure = 0; failure < 3; failure++) expect(await wrongLogin()).toBe("401202");
}

test("wrong current passwords and wrong logins count alike: the third failure bans", async () => {
  expect(await change("Wrong@1234x")).toBe("401207");
  const second = await login(emulator, "alice", "Wrong@1234x");
  expect(second.status).toBe(401);
  expect(second.json).toEqual({
    errorCode: "401202",
    errorMessage: "User name or password is wrong",
  });
  expect(await wrongLogin()).toBe("401202");
  const fourth = await login(emulator, "alice", "Alice@123x");
  expect(fourth.status).toBe(403);
  expect(fourth.json).toEqual({ errorCode: "403201", errorMessage: "Account blocked" });
  expect(await change("Alice@123x")).toBe("403201");
});

test("a success does not reset the count", async () => {
  expect(await wrongLogin()).toBe("401202");
  expect(await rightLogin()).toBe("ok");
  expect(await wrongLogin()).toBe("401202");
  expect(await rightLogin()).toBe("ok");
  expect(await wrongLogin()).toBe("401202");
  expect(await rightLogin()).toBe("403201");
});

test("an administrator's change works during the ban, a login does not until it ends", async () => {
  await ban();
  expect(await code(changeOnEngine(emulator, "alice", { password: "Alice@124x" }, admin))).toBe(
    "ok",
  );
  const newLogin = () => code(login(emulator, "alice", "Alice@124x"));
  expect(await newLogin()).toBe("403201");
  expect(await opens(emulator, type, alice, "Alice@124x")).toBe(true);
  await advance(14.9);
  expect(await newLogin()).toBe("403201");
  await advance(0.2);
  expect(await newLogin()).toBe("ok");
});

test("after a ban there is one more failure, not two: the bucket refills one per 15 minutes", async () => {
  await ban();
  await advance(15.1);
  expect(await wrongLogin()).toBe("401202");
  expect(await rightLogin()).toBe("ok");
  expect(await wrongLogin()).toBe("401202");
  expect(await rightLogin()).toBe("403201");
});

test("ten minutes give no whole token back", async () => {
  expect(await wrongLogin()).toBe("401202");
  expect(await wrongLogin()).toBe("401202");
  await advance(10);
  expect(await wrongLogin()).toBe("401202");
  expect(await rightLogin()).toBe("403201");
});

test("GET /v4/account-locks shows the ban with its end", async () => {
  const locks = () => engine(emulator, "account-locks", { token: admin });
  expect((await locks()).json).toEqual({ total: 0, data: [] });
  await ban();
  const { total, data } = (await locks()).json;
  expect(total).toBe(1);
  expect(data[0]).toEqual({
    key: "alice::127.0.0.1",
    status: "banned",
    releaseAt: expect.any(Number),
  });
  expect(Math.abs(data[0].releaseAt - Date.now() / 1000 - 900)).toBeLessThan(5);
});

test("another address and another account have counts of their own", async () => {
  await ban();
  const elsewhere = { "X-Forwarded-For": "10.0.0.1, 8.8.8.8" };
  expect(await code(login(emulator, "alice", "Alice@123x", elsewhere))).toBe("ok");
  expect(await code(login(emulator, "emulator-admin", "Wrong@1234x"))).toBe("401202");
});

test("an unknown account name is counted too", async () => {
  for (let failure = 0; failure < 3; failure++)
    expect(await code(login(emulator, "nobody", "Wrong@1234x"))).toBe("401202");
  expect(await code(login(emulator, "nobody", "Wrong@1234x"))).toBe("403201");
});

test("a change refused for its rule, or equal to the current one, is no strike", async () => {
  for (let time = 0; time < 4; time++) {
    expect(await change("Wrong@1234x", "weak")).toBe("400001");
    expect(await change("Wrong@1234x", "Wrong@1234x")).toBe("400206");
  }
  expect(await rightLogin()).toBe("ok");
});

test("/emulator/login is no strike and waits for no ban", async () => {
  for (let time = 0; time < 4; time++)
    expect(await opens(emulator, type, alice, "Wrong@1234x")).toBe(false);
  expect(await rightLogin()).toBe("ok");
  await ban();
  expect(await opens(emulator, type, alice, "Alice@123x")).toBe(true);
});

test("reset releases", async () => {
  await ban();
  await post(emulator, "reset");
  expect(await rightLogin()).toBe("ok");
});
