import type { AccountRecord } from "../emulator";
import { handler } from "../provider/provider";
import { services } from "../provider/services";
import { expectNoPassword } from "./contract";
import {
  failureOf,
  isWireSecret,
  newRun,
  overTheWire,
  type Properties,
  type Rehearsal,
  Resource,
  spyOnOutput,
  startRehearsal,
} from "./rehearsal";
import { closedPort, startHttpServer } from "./servers";

const mariadb = "tencentcloud:MariadbAccountPassword";
const redis = "tencentcloud:RedisInstancePassword";
const live = "Mdb-before-1";
const first = "Mdb-first-22";
const second = "Mdb-second-333";
const third = "Mdb-third-4444";

let twin: Rehearsal;
let printed: () => string;
let used = 0;
const before = { ...process.env };
jest.setTimeout(30_000);

beforeAll(async () => {
  const ids = Array.from({ length: 60 }, (_, n) => n);
  twin = await startRehearsal({
    tencentcloud: {
      mariadb: ids.map((n) => record(identity(n))),
      redis: ids.map((n) => ({ instanceId: `crs-test${n}`, password: live, taskMs: 20 })),
    },
  });
});
beforeEach(async () => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before, twin.environment);
  await twin.clear();
  jest.spyOn(Math, "random").mockReturnValue(0.999);
  printed = spyOnOutput();
});
afterEach(() => {
  expectNoPassword([printed()], [live, first, second, third]);
  jest.restoreAllMocks();
});
afterAll(async () => {
  await twin.close();
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before);
});

function identity(n: number) {
  return { region: "ap-guangzhou", instanceId: `tdsql-test${n}`, userName: "app", host: "%" };
}

function record({ instanceId, userName, host }: ReturnType<typeof identity>): AccountRecord {
  return { instanceId, userName, host, password: live };
}

/** Arguments of an account that no test has used yet. */
function fresh(more: Properties = {}): ReturnType<typeof identity> & Properties {
  return { ...identity(used++), ...more };
}

function freshRedis(more: Properties = {}): Properties {
  return { region: "ap-guangzhou", instanceId: `crs-test${used++}`, ...more };
}

function resource(type = mariadb): Resource {
  return new Resource(newRun(type), type);
}

/** The next command: another process. */
function nextRun(one: Resource): Resource {
  one.provider = newRun(one.type);
  return one;
}

/** A resource whose create (or update) has an unknown outcome, and whose program wants `first`. */
async function interrupted(
  program: Properties,
  { effect = false, one = resource() }: { effect?: boolean; one?: Resource } = {},
): Promise<Resource> {
  await twin.fault({
    service: "mariadb",
    when: effect ? "after" : "before",
    what: "hang",
    times: 9,
  });
  await failureOf(one.up({ ...program, timeoutSeconds: 1 }));
  await twin.clear();
  return nextRun(one);
}

async function outside(program: Properties, fields: Partial<AccountRecord>): Promise<void> {
  const { instanceId, userName, host } = program as ReturnType<typeof identity>;
  await twin.outside({ tencentcloud: { mariadb: [{ instanceId, userName, host, ...fields }] } });
}

test("a request id that quotes the password is not stored in clear", async () => {
  const vendor = await startHttpServer(({ body }, response) => {
    const { Password } = JSON.parse(body) as { Password: string };
    const RequestId = `req-${Buffer.from(Password).toString("hex")}`;
    response.end(JSON.stringify({ Response: { RequestId } }));
  });
  process.env["ACCOUNT_PASSWORDS_EMULATOR"] = vendor.url;
  const one = resource();
  await one.up(fresh({ password: first }));
  expect(one.outputs).toMatchObject({ status: "confirmed", requestId: "req-[secret]" });
});

test("handler() gives a provider for each type, and names the one that it does not have", () => {
  for (const type of [...services.keys(), "password:RotatingPassword"])
    expect(handler(type)).toHaveProperty("create");
  expect(() => handler("tencentcloud:Other")).toThrow(
    expect.objectContaining({
      code: "INTERNAL",
      message: expect.stringContaining('"tencentcloud:Other"') as unknown,
    }),
  );
});

test("configure() keeps the configuration before it awaits anything", async () => {
  delete process.env["TENCENTCLOUD_REGION"];
  const { region: _left, ...program } = fresh({ password: live, currentPassword: live });
  const provider = newRun(mariadb, { "tencentcloud:region": "ap-configured" });
  // newRun has not waited for the promise, as the host does not.
  const { inputs } = await provider.check!({}, program);
  expect(inputs).toMatchObject({ region: "ap-configured" });
});

describe("an unknown outcome", () => {
  test("of a create: refresh keeps it, and the next up settles it although the program says the same", async () => {
    const program = fresh({ password: first });
    const one = await interrupted(program);
    expect(one.outputs).toMatchObject({ status: "unknown", pendingPasswords: [first] });
    expect(one.outputs).not.toHaveProperty("password");
    const since = one.outputs["unknownSince"];

    expect(await one.refresh()).toBe("kept");
    expect(twin.recorded).toEqual([]);
    expect(one.inputs).toMatchObject({
      drift: `outcome unknown since ${String(since)}`,
      password: first,
    });
    expect(one.outputs).toMatchObject({ status: "unknown", drift: one.inputs?.["drift"] });
    const { changed } = await nextRun(one).preview({ ...program, timeoutSeconds: 1 });
    expect(changed).toEqual(["drift"]);
    expect(printed()).toMatch(
      /was interrupted and its outcome is unknown since .*; the next update finishes it/,
    );

    expect(await one.up({ ...program, timeoutSeconds: 1 })).toBe("updated");
    expect(one.outputs).toMatchObject({
      status: "confirmed",
      password: first,
      revision: 1,
      drift: "none",
    });
    expect(await twin.opens(mariadb, identityOf(program), first)).toBe(true);
    expect(await one.up({ ...program, timeoutSeconds: 1 })).toBe("unchanged");
  });

  test.each([true, false])(
    "of an update (with an effect: %s): not unchanged when the password is the same, another, or reverted",
    async (effect) => {
      for (const wanted of [first, second, live]) {
        for (const refreshes of [false, true]) {
          const program = fresh({ currentPassword: live });
          const one = resource();
          await one.up({ ...program, password: live, timeoutSeconds: 1 });
          await interrupted({ ...program, password: first }, { effect, one });
          expect(one.outputs).toMatchObject({
            status: "unknown",
            password: live,
            pendingPasswords: [first],
            revision: 0,
          });
          if (refreshes) expect(await one.refresh()).toBe("kept");
          expect(await one.up({ ...program, password: wanted, timeoutSeconds: 5 })).toBe("updated");
          expect(await twin.writes()).toBe(1);
          expect(one.outputs).toMatchObject({ status: "confirmed", password: wanted, revision: 1 });
          expect(one.outputs).not.toHaveProperty("pendingPasswords");
          expect(await twin.opens(mariadb, identityOf(program), wanted)).toBe(true);
          await twin.clear();
        }
      }
    },
  );

  test("stays unknown over refusals and further interruptions, and nothing that may be live is lost", async () => {
    const program = fresh({ password: first });
    const one = await interrupted(program, { effect: true });
    const since = one.outputs["unknownSince"];

    await twin.fault({
      service: "mariadb",
      when: "before",
      what: "error:UnauthorizedOperation.PermissionDenied",
    });
    const refused = await failureOf(one.up({ ...program, timeoutSeconds: 1 }));
    expect(refused.message).toContain(
      "(PERMISSION_DENIED, UnauthorizedOperation.PermissionDenied, request ",
    );
    expect(refused.message).toContain("it is not known whether the change happened");
    expect(refused.properties).toMatchObject({
      status: "unknown",
      pendingPasswords: [first],
      unknownSince: since,
    });

    await interrupted({ ...program, password: second }, { one });
    expect(one.outputs).toMatchObject({ pendingPasswords: [second, first], unknownSince: since });
    await interrupted({ ...program, password: first }, { one });
    expect(one.outputs).toMatchObject({
      pendingPasswords: [first, second],
      unknownSince: since,
      revision: 0,
    });
    const failed = await failureOf(
      (async () => {
        delete process.env["TENCENTCLOUD_SECRET_KEY"];
        await one.up({ ...program, password: first });
      })(),
    );
    expect(failed.code).toBe("CREDENTIALS_MISSING");
    expect(one.outputs).toMatchObject({ pendingPasswords: [first, second] });
  });

  test("refuses another identity until it is settled", async () => {
    const program = fresh({ password: first });
    const one = await interrupted(program);
    const failed = await failureOf(one.preview({ ...program, host: "10.%", timeoutSeconds: 1 }));
    expect(failed.code).toBe("OUTCOME_UNKNOWN");
    expect(failed.message).toMatch(
      /^Cannot put another account in the place of MariaDB account ".*finish the interrupted change first: set host back/,
    );
    // An identity that is not known yet is none.
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect((await one.preview({ ...program, host: unknown, timeoutSeconds: 1 })).replaces).toEqual([
      "host",
    ]);
  });

  test("delete refuses to forget it, unless the same account is declared in this run or the user insists", async () => {
    const program = fresh({ password: first });
    const one = await interrupted(program);
    const refused = await failureOf(one.destroy());
    expect(refused.code).toBe("OUTCOME_UNKNOWN");
    expect(refused.message).toContain("ACCOUNT_PASSWORDS_FORGET_UNKNOWN=1");
    expect(refused.message).toContain("pulumi stack export --show-secrets");
    expectNoPassword([refused.message, refused.stack], [first]);

    // Another account's check does not count.
    await one.check(fresh({ password: first }), {});
    await expect(one.destroy()).rejects.toThrow("Cannot forget");
    // A rename: the same account, declared under another name.
    await one.check({ ...program }, {});
    await one.destroy();

    nextRun(one);
    await expect(one.destroy()).rejects.toThrow("Cannot forget");
    process.env["ACCOUNT_PASSWORDS_FORGET_UNKNOWN"] = "1";
    await one.destroy();
    expect(twin.recorded).toEqual([]);
  });
});

function identityOf(program: Properties) {
  const { region, instanceId, userName, host } = program;
  return { region, instanceId, userName, host };
}

test("a generator that an account was never confirmed to follow is not forgotten after it", async () => {
  const [account, generator] = [handler(mariadb), handler("password:RotatingPassword")];
  const state = { ...fresh(), status: "confirmed", endpoint: "127.0.0.1" };
  await account.delete!("one", { ...state, password: first });
  // It has drawn another one since, and the run that was to set it did not finish.
  const forget = () => generator.delete!("two", { result: second, history: [first, live] });
  const refused = await failureOf(forget());
  expect(refused).toMatchObject({ code: "OUTCOME_UNKNOWN" });
  expect(refused.message).toMatch(/MariaDB account ".*pulumi stack export --show-secrets/);
  expect(refused.message).toContain("a second destroy forgets it for good");
  expect(refused.message).toContain(
    "declare the account and its generator again under the same names and run `pulumi up`",
  );
  expect(refused.message).toMatch(/rotation that was refused, not interrupted, nothing is unknown/);
  expectNoPassword([refused.message], [first, second]);
  process.env["ACCOUNT_PASSWORDS_FORGET_UNKNOWN"] = "1";
  await forget();
  delete process.env["ACCOUNT_PASSWORDS_FORGET_UNKNOWN"];

  await account.delete!("one", { ...state, password: third });
  await generator.delete!("two", { result: third, history: ["Mdb-before-0"] });
});

describe("update()", () => {
  test("calls the vendor only for another password, an unknown outcome or a drift", async () => {
    const program = fresh({ password: first, currentPassword: live });
    const one = resource();
    await one.up(program);
    const { changedAt, requestId } = one.outputs;
    await twin.clear();
    for (const more of [
      { timeoutSeconds: 7 },
      { profile: "other" },
      { currentPassword: third },
      { passwordVersion: 2 },
    ]) {
      expect(await one.up({ ...program, ...more })).toBe("updated");
      expect(one.outputs).toMatchObject({
        ...more,
        status: "confirmed",
        revision: 1,
        changedAt,
        requestId,
      });
    }
    expect(twin.recorded).toEqual([]);
    one.outputs = { ...one.outputs, drift: "instance not found" };
    one.inputs = { ...one.inputs, drift: "instance not found" };
    await one.up(program);
    expect(await twin.writes()).toBe(1);
    expect(one.outputs).toMatchObject({ revision: 2, drift: "none" });
  });

  test("without a call keeps what a wrong try has left, for the next change", async () => {
    const program = fresh({ password: first });
    const one = resource();
    await one.up(program);
    const triedAt = "2026-03-01T12:00:00.000Z";
    const left = { triedAt, triedAccount: "root", refusedPasswords: [third] };
    one.outputs = { ...one.outputs, ...left };
    await one.up({ ...program, timeoutSeconds: 7 });
    expect(one.outputs).toMatchObject(left);
    await one.up({ ...program, password: second });
    for (const name of Object.keys(left)) expect(one.outputs).not.toHaveProperty(name);
  });

  test("answers with wire secrets", async () => {
    const program = fresh({ password: first, currentPassword: live });
    const one = resource();
    await one.up(program);
    const { outs = {} } = await one.provider.update!(one.id ?? "", one.outputs, {
      ...one.inputs,
      timeoutSeconds: 3,
    });
    const wire = overTheWire(outs);
    expect(isWireSecret(wire["password"])).toBe(true);
    expect(isWireSecret(wire["currentPassword"])).toBe(true);
  });
});

describe("refresh", () => {
  test("an instance that is not seen is a drift, and no drift when it is seen again", async () => {
    const program = fresh({ password: first });
    const one = resource();
    await one.up(program);
    await one.refresh();
    const state = [one.inputs, one.outputs];
    await outside(program, { instanceDeleted: true });
    expect(await one.refresh()).toBe("kept");
    expect(one.outputs).toMatchObject({
      drift: "instance not found",
      password: first,
      status: "confirmed",
    });
    expect(one.inputs).toMatchObject({ drift: "instance not found", password: first });
    expect(printed()).toMatch(
      /warning: MariaDB account ".*its instance was not found.*so the state is kept/,
    );
    expect((await nextRun(one).preview(program)).changed).toEqual(["drift"]);

    await outside(program, { instanceDeleted: false });
    expect(await one.refresh()).toBe("kept");
    // In inputs and outputs alike, or the next preview shows an update that does nothing.
    expect([one.inputs, one.outputs]).toEqual(state);
    expect(await nextRun(one).up(program)).toBe("unchanged");
  });

  test("an instance that is not seen hides no change outside", async () => {
    const program = fresh({ password: first });
    const one = resource();
    await one.up(program);
    await one.refresh();
    const changed = /^account modified outside on .*, perhaps the password$/;
    // The one that was found before, and the one that happens meanwhile.
    await outside(program, { instanceDeleted: true });
    await one.refresh();
    expect(one.outputs).toMatchObject({ drift: "instance not found" });
    await outside(program, { password: second, instanceDeleted: false });
    await one.refresh();
    expect(one.outputs["drift"]).toMatch(changed);
    const state = [one.inputs, one.outputs];
    for (const instanceDeleted of [true, false]) {
      await outside(program, { instanceDeleted });
      await one.refresh();
      expect([one.inputs, one.outputs]).toEqual(state);
    }
    expect(await nextRun(one).up(program)).toBe("updated");
    expect(await twin.opens(mariadb, identityOf(program), first)).toBe(true);
  });

  test("no outcome that is unknown is compared with a time, and its end drops the time", async () => {
    const program = fresh({ password: first });
    const one = resource();
    await one.up(program);
    await one.refresh();
    const { vendorModifiedAt } = one.outputs;
    await interrupted({ ...program, password: second }, { effect: true, one });
    expect(one.outputs).toMatchObject({ status: "unknown", vendorModifiedAt });
    await one.refresh();
    expect(one.outputs["drift"]).toMatch(/^outcome unknown since /);
    await one.up({ ...program, password: second });
    expect(one.outputs).toMatchObject({ status: "confirmed", drift: "none" });
    expect(one.outputs).not.toHaveProperty("vendorModifiedAt");
    await one.refresh();
    expect(one.outputs).toMatchObject({ drift: "none" });
  });

  test("a change that was refused leaves what refresh has found", async () => {
    const program = fresh({ password: first });
    const one = resource();
    await one.up(program);
    await one.refresh();
    await outside(program, { password: third });
    await one.refresh();
    const state = [one.inputs, one.outputs];
    await outside(program, { deny: ["ResetAccountPassword"] });
    await failureOf(one.up(program));
    expect([one.inputs, one.outputs]).toEqual(state);
    await outside(program, { deny: [] });
    expect(await nextRun(one).up(program)).toBe("updated");
    expect(await twin.opens(mariadb, identityOf(program), first)).toBe(true);
  });

  test("an instance that is about to go proves nothing by what it lists", async () => {
    const program = fresh({ password: first });
    const one = resource();
    await one.up(program);
    const state = [one.inputs, one.outputs];
    await outside(program, { deleted: true, instanceStatus: -1 });
    expect(await one.refresh()).toBe("kept");
    expect([one.inputs, one.outputs]).toEqual(state);
    expect(printed()).toMatch(
      /warning: MariaDB account ".*not listed, and the instance's status -1 is not one/,
    );
  });

  test.each([
    [
      "a wrong key",
      { TENCENTCLOUD_SECRET_ID: "AKIDother" },
      /warning: .*does not accept the credentials/,
    ],
    [
      "another key's secret",
      { TENCENTCLOUD_SECRET_KEY: "other-secret-key" },
      /warning: .*does not accept the credentials/,
    ],
  ])("%s keeps everything as it is", async (_what, environment, says) => {
    const program = fresh({ password: first });
    const one = resource();
    await one.up(program);
    await outside(program, { deleted: true });
    const state = [one.inputs, one.outputs];
    Object.assign(process.env, environment);
    expect(await nextRun(one).refresh()).toBe("kept");
    expect([one.inputs, one.outputs]).toEqual(state);
    expect(printed()).toMatch(says);
  });

  test("a denied read is a warning that names the permission", async () => {
    const program = fresh({ password: first });
    const one = resource();
    await one.up(program);
    await outside(program, { deleted: true, deny: ["DescribeAccounts"] });
    const state = [one.inputs, one.outputs];
    expect(await one.refresh()).toBe("kept");
    expect([one.inputs, one.outputs]).toEqual(state);
    expect(printed()).toMatch(
      /warning: MariaDB account ".*lack the permission mariadb:DescribeAccounts/,
    );
  });

  test("a listing that fails keeps the account", async () => {
    const program = fresh({ password: first, timeoutSeconds: 1 });
    const one = resource();
    await one.up(program);
    await outside(program, { deleted: true });
    for (const what of ["hang", "reset", "garbage", "status:502", "error:InternalError"]) {
      await twin.fault({ action: "DescribeAccounts", when: "before", what, times: 99 });
      expect(await nextRun(one).refresh()).toBe("kept");
      expect(one.outputs).toMatchObject({ drift: "none" });
      await twin.clear();
    }
    expect(await nextRun(one).refresh()).toBe("gone");
  });

  test("a drift that an earlier refresh has seen stays until a confirmed change", async () => {
    const program = fresh({ password: first });
    const one = resource();
    await one.up(program);
    const drift = "changed outside on 2026-03-01T12:00:00Z";
    one.outputs = { ...one.outputs, drift };
    one.inputs = { ...one.inputs, drift };
    await one.refresh();
    expect(one.outputs).toMatchObject({ drift });
    expect(one.inputs).toMatchObject({ drift });
    await twin.clear();
    expect(await one.up(program)).toBe("updated");
    expect(await twin.writes()).toBe(1);
    expect(one.outputs).toMatchObject({ drift: "none", revision: 2 });
    expect(await one.up(program)).toBe("unchanged");
  });
});

describe("an account that is adopted with another password than the one to be forgotten", () => {
  test("is not forgotten in the same run", async () => {
    const program = fresh({ password: live, currentPassword: live });
    const old = resource();
    await old.up(program);
    await old.up({ ...program, password: first });

    // The resource was moved without an alias: created anew with the take-over program's old password, then deleted.
    const moved = resource();
    await moved.up(program);
    old.provider = moved.provider;
    const failed = await failureOf(old.destroy());
    expect(failed.code).toBe("ADOPTED_OTHER_PASSWORD");
    expect(failed.message).toContain("alias");
    expectNoPassword([failed.message, failed.stack], [live, first]);

    // Nor in the next one, which finds both in the state; the alias would come too late by then.
    nextRun(moved);
    expect(await moved.up(program)).toBe("unchanged");
    old.provider = moved.provider;
    expect(await failureOf(old.destroy())).toMatchObject({ code: "ADOPTED_OTHER_PASSWORD" });
    // What the text says: the old name again. Or a change, which makes the other password the live one.
    expect(failed.message).toContain("give it its old name back, run `pulumi up`, and only then");
    nextRun(old);
    expect(await old.up({ ...program, password: first })).toBe("unchanged");
    moved.provider = old.provider;
    await moved.destroy();
    nextRun(moved);
    await moved.up({ ...program, password: second });
    old.provider = moved.provider;
    await old.destroy();
    // In another run, and with the same password, it is.
    await nextRun(old).destroy();
    const again = fresh({ password: live, currentPassword: live });
    const twice = resource();
    await twice.up(again);
    await twice.destroy();
  });
});

describe("an account that is adopted while one of the same is unknown", () => {
  test("does not wash the unknown outcome away", async () => {
    const program = fresh({ password: live, currentPassword: live, timeoutSeconds: 1 });
    const old = resource();
    await old.up(program);
    await interrupted({ ...program, password: first }, { effect: true, one: old });
    expect(old.outputs).toMatchObject({ password: live, pendingPasswords: [first] });

    // Taken back, and renamed without an alias.
    const moved = resource();
    await moved.up(program);
    expect(moved.outputs).toMatchObject({ status: "adopted", password: live });
    old.provider = moved.provider;
    const failed = await failureOf(old.destroy());
    expect(failed.code).toBe("ADOPTED_OTHER_PASSWORD");
    expect(failed.message).toContain("alias");
    expectNoPassword([failed.message], [live, first]);
  });
});

describe("an identity that is corrected", () => {
  test("replaces an account of which nothing may have become live", async () => {
    const program = freshRedis({
      password: first,
      currentPassword: second,
      resetWithoutCurrent: false,
    });
    const one = resource(redis);
    const failed = await failureOf(one.up(program));
    expect(failed.properties).toMatchObject({ status: "unknown", pendingPasswords: [] });
    const right = { ...program, instanceId: freshRedis()["instanceId"], currentPassword: live };
    expect((await nextRun(one).preview(right)).replaces).toEqual(["instanceId"]);
    const replacement = new Resource(one.provider, redis);
    await replacement.up(right);
    await one.destroy();
    expect(replacement.outputs).toMatchObject({ status: "confirmed", password: first });
  });

  test("waits where one may be live", async () => {
    const program = fresh({ password: first });
    const one = await interrupted(program);
    const failed = await failureOf(one.preview({ ...program, userName: "other" }));
    expect(failed).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(failed.message).toContain("finish the interrupted change first");
  });
});

describe("ENDPOINT_CHANGED", () => {
  test.each(["diff", "update", "read"] as const)(
    "%s does not mix a rehearsal and production",
    async (method) => {
      const program = fresh({ password: live, currentPassword: live });
      const one = resource();
      await one.up(program);
      const call = (outputs: Properties) => {
        const id = one.id ?? "";
        if (method === "read") return one.provider.read!(id, outputs);
        return one.provider[method]!(id, outputs, { ...one.inputs, password: first });
      };
      const production = { ...one.outputs, endpoint: "mariadb.tencentcloudapi.com" };
      const rehearsed = await failureOf(call(production) as Promise<unknown>);
      expect(rehearsed.code).toBe("ENDPOINT_CHANGED");
      expect(rehearsed.message).toContain("mariadb.tencentcloudapi.com");
      expect(rehearsed.message).toContain("use a stack of its own");

      delete process.env["ACCOUNT_PASSWORDS_EMULATOR"];
      delete process.env["TENCENTCLOUD_ENDPOINT"];
      const real = await failureOf(call(one.outputs) as Promise<unknown>);
      expect(real.code).toBe("ENDPOINT_CHANGED");
      expect(real.message).toContain(`the endpoint is now mariadb.tencentcloudapi.com`);
      expect(twin.recorded).toEqual([]);
    },
  );

  test("another port of this machine, and another host of the vendor, are fine", async () => {
    const program = fresh({ password: live, currentPassword: live });
    const one = resource();
    await one.up(program);
    for (const endpoint of ["127.0.0.1:1", "localhost:8080", "[::1]:9"]) {
      one.outputs = { ...one.outputs, endpoint };
      await one.preview(program);
    }
    delete process.env["ACCOUNT_PASSWORDS_EMULATOR"];
    delete process.env["TENCENTCLOUD_ENDPOINT"];
    one.outputs = { ...one.outputs, endpoint: "mariadb.intl.tencentcloudapi.com" };
    await one.preview(program);
  });
});

describe("CHECKPOINTS_SKIPPED", () => {
  test.each(["true", "1", "T"])(
    "create and update refuse with PULUMI_SKIP_CHECKPOINTS=%s",
    async (value) => {
      const program = fresh({ password: live, currentPassword: live });
      const one = resource();
      await one.up(program);
      process.env["PULUMI_SKIP_CHECKPOINTS"] = value;
      const created = await failureOf(resource().up(program));
      const updated = await failureOf(one.up({ ...program, password: first }));
      for (const { code, message } of [created, updated]) {
        expect(code).toBe("CHECKPOINTS_SKIPPED");
        expect(message).toContain("ACCOUNT_PASSWORDS_ALLOW_SKIPPED_CHECKPOINTS=1");
      }
      expect(twin.recorded).toEqual([]);
      process.env["ACCOUNT_PASSWORDS_ALLOW_SKIPPED_CHECKPOINTS"] = "1";
      await one.up({ ...program, password: first });
      expect(await twin.writes()).toBe(1);
    },
  );

  test("anything else skips none", async () => {
    for (const value of ["false", "0", ""]) {
      process.env["PULUMI_SKIP_CHECKPOINTS"] = value;
      await resource().up(fresh({ password: live, currentPassword: live }));
    }
  });
});

test("Redis: a reset that no known password made unnecessary is a warning", async () => {
  const program = freshRedis({ password: first, currentPassword: second });
  await resource(redis).up(program);
  expect(printed()).toMatch(/warning: Redis instance ".*was the live one.*resetWithoutCurrent/);
  // Nobody said that any was: that is how a first change goes.
  await resource(redis).up(freshRedis({ password: first }));
  expect(printed()).toBe("");
});

test("while there is no connection one line says that it is tried again", async () => {
  const port = await closedPort();
  process.env["TENCENTCLOUD_ENDPOINT"] = `http://127.0.0.1:${port}`;
  process.env["ACCOUNT_PASSWORDS_EMULATOR"] = `http://127.0.0.1:${port}`;
  const one = resource();
  const program = { password: first, timeoutSeconds: 2 };
  await Promise.all(
    [1, 2].map(() => failureOf(new Resource(one.provider, mariadb).up(fresh(program)))),
  );
  expect(printed()).toBe(
    `no connection to 127.0.0.1:${port} (ECONNREFUSED): trying again, as long as timeoutSeconds allow`,
  );
});

describe("passwords that may be live, as Redis is told them", () => {
  const tried = () =>
    twin.recorded
      .filter(({ body }) => body.includes("OldPassword"))
      .map(({ body }) => (JSON.parse(body) as { OldPassword: string }).OldPassword);

  async function triedBy(one: Resource, program: Properties): Promise<string[]> {
    await twin.clear();
    await nextRun(one).up(program);
    return tried();
  }

  test("on create: the current one, the generator's, then the wanted one", async () => {
    const program = freshRedis({
      password: first,
      currentPassword: "current-1",
      candidates: ["gen-2", "gen-1", "current-1"],
    });
    expect(await triedBy(resource(redis), program)).toEqual(["current-1", "gen-2", "gen-1", first]);
  });

  test("on update: a current one that is new, then the confirmed one, the generator's, and the old current one last", async () => {
    const program = freshRedis({
      password: first,
      currentPassword: "current-1",
      candidates: ["gen-1"],
    });
    const one = resource(redis);
    await one.up(program);
    // Changed outside: none of them is right, and the vendor's reset ends it.
    await twin.outside({
      tencentcloud: { redis: [{ instanceId: program["instanceId"], password: "outside-1" }] },
    });
    const unchanged = { ...program, password: second, candidates: ["gen-2", "gen-1"] };
    expect(await triedBy(one, unchanged)).toEqual([first, "gen-2", "gen-1", "current-1", second]);

    await twin.outside({
      tencentcloud: { redis: [{ instanceId: program["instanceId"], password: "outside-1" }] },
    });
    const changed = {
      ...unchanged,
      password: third,
      currentPassword: "current-2",
      candidates: ["gen-3"],
    };
    expect(await triedBy(one, changed)).toEqual([
      "current-2",
      second,
      "gen-3",
      "gen-2",
      "gen-1",
      third,
    ]);
  });

  test("on update: a current one that was new in a run that made no call", async () => {
    const program = freshRedis({ password: first, currentPassword: live });
    const one = resource(redis);
    await one.up(program);
    const { instanceId } = program;
    await twin.outside({ tencentcloud: { redis: [{ instanceId, password: "outside-1" }] } });
    await nextRun(one).up({ ...program, currentPassword: "outside-1" });
    expect(one.outputs).toMatchObject({
      currentPasswordUntried: true,
      currentPassword: "outside-1",
    });
    const changed = { ...program, password: second, currentPassword: "outside-1" };
    expect(await triedBy(one, changed)).toEqual(["outside-1"]);
    expect(one.outputs).not.toHaveProperty("currentPasswordUntried");
    // From then on the confirmed one is likelier.
    expect(await triedBy(one, { ...changed, password: third })).toEqual([second]);
  });

  test("while unknown: the pending ones, newest first, before the confirmed one", async () => {
    const program = freshRedis({ password: first, currentPassword: live });
    const one = resource(redis);
    await one.up(program);
    one.outputs = {
      ...one.outputs,
      status: "unknown",
      pendingPasswords: ["pending-2", "pending-1"],
      unknownSince: "2026-03-01T12:00:00.000Z",
    };
    await twin.outside({
      tencentcloud: { redis: [{ instanceId: program["instanceId"], password: "outside-1" }] },
    });
    expect(await triedBy(one, { ...program, password: second })).toEqual([
      "pending-2",
      "pending-1",
      first,
      live,
      second,
    ]);
    expect(one.outputs).toMatchObject({ status: "confirmed", password: second });
  });
});

test("id: each identity argument percent-encoded, so that no two accounts share one", async () => {
  const program = { region: "ap-guangzhou", instanceId: "a/b", userName: "c%d", host: "10.%" };
  const one = resource();
  await one.up({ ...program, password: live, currentPassword: live });
  expect(one.id).toBe("ap-guangzhou/a%2Fb/c%25d/10.%25");
});
