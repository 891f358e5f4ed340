// The providers over the wire, in the process in which Pulumi runs them: a few cases that only show there.
import { providerLiteral } from "../provider/provider-literal";
import {
  isWireSecret,
  type Properties,
  ProviderHostError,
  type ProviderHost,
  startProviderHost,
  unwrap,
  wireSecret,
} from "./provider-host";
import { expectNoPassword } from "./contract";
import { type Rehearsal, startRehearsal } from "./rehearsal";

jest.setTimeout(60_000);

const type = "tencentcloud:MariadbAccountPassword";
const literal = providerLiteral(type);
const [live, first, second] = ["Mdb-before-1", "Mdb-first-22", "Mdb-second-333"];

let twin: Rehearsal;
let host: ProviderHost;

function account(n: number): Properties {
  return { region: "ap-guangzhou", instanceId: `tdsql-test${n}`, userName: "app", host: "%" };
}

beforeAll(async () => {
  const mariadb = Array.from({ length: 9 }, (_, n) => {
    const { region: _everywhere, ...identity } = account(n);
    return { ...identity, password: live };
  });
  twin = await startRehearsal({ tencentcloud: { mariadb } });
  const { TENCENTCLOUD_REGION: _configured, ...env } = twin.environment;
  host = await startProviderHost({ provider: literal, env });
  await host.configure({ "tencentcloud:region": "ap-configured" });
});
afterEach(() => twin.clear());
afterAll(async () => {
  expectNoPassword([host.stdout, host.stderr], [live, first, second]);
  await host.close();
  await twin.close();
});

function failureOf(call: Promise<unknown>): Promise<ProviderHostError> {
  return call.then(
    () => {
      throw new Error("the call did not fail");
    },
    (error: unknown) => error as ProviderHostError,
  );
}

test("the first calls come together, before configure has ended: each sees the configuration", async () => {
  const { region: _left, ...program } = account(0);
  const checks = await Promise.all(
    [1, 2, 3, 4].map(() => host.check({}, { ...program, password: first })),
  );
  for (const { inputs, failures } of checks) {
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ region: "ap-configured" });
    expect(isWireSecret(inputs["password"])).toBe(true);
  }
});

test("secrets that come as secrets go as secrets, through every method", async () => {
  const program = { ...account(1), password: first, currentPassword: live };
  const { inputs } = await host.check({}, program);
  const created = await host.create(unwrap(inputs));
  expect(created.id).toBe("ap-guangzhou/tdsql-test1/app/%25");
  const updated = await host.update(created.id, unwrap(created.outs), {
    ...unwrap(inputs),
    password: second,
  });
  const read = await host.read(created.id, unwrap(updated.outs));
  for (const properties of [inputs, created.outs, updated.outs, read.props]) {
    expect(isWireSecret(properties["password"])).toBe(true);
    expect(isWireSecret(properties["currentPassword"])).toBe(true);
    expect(properties["__provider"]).toBe(literal);
    expect(JSON.stringify({ ...properties, password: "", currentPassword: "" })).not.toContain(
      second,
    );
  }
  expect(read).not.toHaveProperty("inputs");
  expect(
    await host.diff(created.id, unwrap(updated.outs), { ...unwrap(inputs), password: first }),
  ).toEqual({
    changes: undefined,
    replaces: [],
    deleteBeforeReplace: false,
  });
  await host.delete(created.id, unwrap(updated.outs));
  expect(await twin.opens(type, account(1), second)).toBe(true);
});

test("a failed check names no property", async () => {
  const { failures } = await host.check({}, { ...account(2), password: "weak", mistake: first });
  expect(failures).toHaveLength(2);
  for (const { property, reason } of failures) {
    expect(property).toBe("");
    expect(reason).not.toContain(first);
  }
});

test("a refusal is an error without an id; a lost answer is a partial failure with all that the engine stores", async () => {
  const { inputs } = await host.check({}, { ...account(3), password: first, timeoutSeconds: 1 });
  await twin.fault({ when: "before", what: "error:UnauthorizedOperation.PermissionDenied" });
  const refused = await failureOf(host.create(unwrap(inputs)));
  expect(refused).not.toHaveProperty("id");
  expect(refused.message).toContain(
    "(PERMISSION_DENIED, UnauthorizedOperation.PermissionDenied, request ",
  );

  await twin.fault({ service: "mariadb", when: "before", what: "hang", times: 9 });
  const failed = await failureOf(host.create(unwrap(inputs)));
  expect(failed).toBeInstanceOf(ProviderHostError);
  const { id, reasons = [], properties = {} } = failed;
  expect(id).toBe("ap-guangzhou/tdsql-test3/app/%25");
  expect(reasons).toEqual([expect.stringMatching(/\(OUTCOME_UNKNOWN\)$/)]);
  // The host adds nothing here: without the text the next command cannot load the provider.
  expect(properties["__provider"]).toBe(literal);
  expect(unwrap(properties)).toMatchObject({
    ...account(3),
    status: "unknown",
    pendingPasswords: [first],
  });
  expect(isWireSecret(properties["pendingPasswords"])).toBe(true);
  expectNoPassword([failed.message, ...reasons], [first, live]);

  // Declared in this run, so it may be forgotten; in another one not.
  await host.delete(id ?? "", unwrap(properties));
  const other = await startProviderHost({ provider: literal, env: twin.environment });
  try {
    await other.configure({});
    await expect(other.delete(id ?? "", unwrap(properties))).rejects.toThrow("(OUTCOME_UNKNOWN)");
    expectNoPassword([other.stdout, other.stderr], [first]);
  } finally {
    await other.close();
  }
});

test("an account that is gone has no id any more", async () => {
  const { inputs } = await host.check({}, { ...account(4), password: first });
  const { id, outs } = await host.create(unwrap(inputs));
  const { region: _everywhere, ...identity } = account(4);
  await twin.outside({ tencentcloud: { mariadb: [{ ...identity, deleted: true }] } });
  expect((await host.read(id, unwrap(outs))).id).toBe("");
});

test("a RotatingPassword draws in this process, and gives its passwords as secrets only", async () => {
  const generator = providerLiteral("password:RotatingPassword");
  const own = await startProviderHost({ provider: generator });
  try {
    await own.configure({});
    const { inputs, failures } = await own.check({}, { policy: type });
    expect(failures).toEqual([]);
    const { outs } = await own.create(unwrap(inputs));
    expect(isWireSecret(outs["result"])).toBe(true);
    const { result } = unwrap(outs) as { result: string };
    expect(`${own.stdout}${own.stderr}`).not.toContain(result);
  } finally {
    await own.close();
  }
});

test("a type that this version does not have is named, with what to install", async () => {
  const newer = await startProviderHost({ provider: providerLiteral("tencentcloud:NotYet") });
  try {
    await newer.configure({});
    const failed = await failureOf(newer.create({ password: wireSecret(first) }));
    expect(failed.message).toMatch(
      /"tencentcloud:NotYet".*install the version that made the state, or a newer one/,
    );
  } finally {
    await newer.close();
  }
});
