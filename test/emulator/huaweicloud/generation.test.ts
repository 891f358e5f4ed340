// Who may change whose password, in the two generations of the Service Center.
import type { Emulator } from "../../../emulator";
import type { ServicecombGeneration } from "../../../emulator/account-record";
import { start } from "../support/emulator";
import { changeOnEngine, login } from "../support/huaweicloud";

const accounts = [
  { engineId: "engine-1", accountName: "root", roles: ["admin"], password: "Root@12345x" },
  { engineId: "engine-1", accountName: "eve", roles: ["admin"], password: "Eve@12345x" },
  { engineId: "engine-1", accountName: "alice", roles: ["developer"], password: "Alice@123x" },
];

async function run(servicecombGeneration: ServicecombGeneration | undefined): Promise<Emulator> {
  const huaweicloud = {
    servicecomb: accounts,
    ...(servicecombGeneration && { servicecombGeneration }),
  };
  return start({ accounts: { huaweicloud } });
}

const rows = [
  // caller, its password, target, with currentPassword, v2, 2025-06
  ["alice", "Alice@123x", "alice", false, "400001", "400001"],
  ["alice", "Alice@123x", "alice", true, "ok", "ok"],
  ["alice", "Alice@123x", "eve", false, "403001", "403001"],
  ["eve", "Eve@12345x", "eve", false, "400001", "ok"],
  ["eve", "Eve@12345x", "eve", true, "ok", "ok"],
  ["eve", "Eve@12345x", "alice", false, "ok", "ok"],
  ["eve", "Eve@12345x", "root", false, "ok", "403001"],
  ["eve", "Eve@12345x", "nobody", false, "400200", "500003"],
] as const;

test.each(rows)("%s (%s) changes %s, current given: %s", async (...row) => {
  const [caller, currentPassword, target, given, v2, newer] = row;
  for (const [generation, expected] of [
    [undefined, v2],
    ["v2", v2],
    ["2025-06", newer],
  ] as const) {
    const emulator = await run(generation);
    const { token } = (await login(emulator, caller, currentPassword)).json;
    const body = { password: "Changed@1x", ...(given ? { currentPassword } : {}) };
    const { status, json } = await changeOnEngine(emulator, target, body, token);
    expect(status === 200 ? "ok" : json.errorCode).toBe(expected);
    if (status !== 200) expect(status).toBe(Number(expected.slice(0, 3)));
  }
});

test("2025-06: an administrator's current password is ignored, even a wrong one", async () => {
  const emulator = await run("2025-06");
  const { token } = (await login(emulator, "eve", "Eve@12345x")).json;
  const body = { currentPassword: "Wrong@1234x", password: "Eve@99999x" };
  expect((await changeOnEngine(emulator, "eve", body, token)).status).toBe(200);
});
