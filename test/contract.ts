// What every service has to pass. A service's own test is mostly one call of this.
import type { AccountsFile, Fault } from "../emulator";
import type { AccountRecord } from "../emulator";
import { idOf } from "../provider/account-service";
import type { Account, AccountService } from "../provider/account-service";
import { services } from "../provider/services";
import {
  CheckFailed,
  failureOf,
  type Failed,
  isWireSecret,
  newRun,
  overTheWire,
  type Properties,
  type Recorded,
  type Rehearsal,
  Resource,
  spyOnOutput,
  startRehearsal,
} from "./rehearsal";

export interface ServiceContract {
  readonly type: string;
  /** How texts name such an account. */
  readonly noun: string;
  /**
   * Identity arguments and the emulator's record of the nth account, each with an instance of its
   * own.
   */
  account(n: number): Readonly<Record<string, string>>;
  record(identity: Readonly<Record<string, string>>): Omit<AccountRecord, "password">;
  /** The accounts file that holds these records. */
  list(records: AccountRecord[]): AccountsFile;
  /** Valid ones by every document, none a part of another one: live at first, and the ones set then. */
  readonly passwords: readonly [live: string, first: string, second: string];
  /** What breaks the loosest documented rule: what is wrong, the value, a word of the reason. */
  readonly refusedPasswords: readonly (readonly [what: string, value: string, says: RegExp])[];
  /** What only a stricter document refuses. */
  readonly doubtfulPassword: string;
  /** Arguments of this kind of account only, with values that are fine. */
  readonly ownArguments: Properties;
  /** Identity arguments that may be left out: variable, configuration key, and a value. */
  readonly places: Readonly<
    Record<string, readonly [variable: string, key: string, value: string]>
  >;
  readonly endpointVariables: readonly string[];
  /** The one request that sets a password. */
  readonly write: { readonly service: Fault["service"] & string; readonly action: string };
  /**
   * That request, byte for byte; `headers` by lower-case name, those that are not constant as
   * patterns.
   */
  expectedRequest(
    identity: Readonly<Record<string, string>>,
    password: string,
    current: string,
  ): {
    readonly path: string;
    readonly headers: Readonly<Record<string, string | RegExp>>;
    readonly body: string;
  };
  /** Codes of the vendor and the package's own. Those that are tried again come last, with `true`. */
  readonly apiErrors: readonly (readonly [vendorCode: string, code: string, transient?: true])[];
  /** What the answer's request id looks like. */
  readonly requestId: RegExp;
  /** Whether `refresh` can tell that the account is gone. */
  readonly drops: boolean;
  /** What `refresh` calls a change outside, with the vendor's time. */
  readonly changedOutside: RegExp;
  /** A change of the account that is none of its password. */
  readonly otherEdit: Partial<AccountRecord>;
}

export interface Suite {
  readonly twin: Rehearsal;
  /** What the provider has printed since the last call. */
  printed(): string;
  /** Arguments of an account that no test has used yet; its live password is the first one. */
  fresh(more?: Properties): Properties;
  /** A resource in a process of its own. */
  resource(config?: Readonly<Record<string, string>>): Resource;
  identityOf(inputs: Properties): Record<string, string>;
  /** Whether the password opens the account. */
  opens(inputs: Properties, password: string): Promise<boolean>;
  /** Fields of the account's record in the emulator. */
  outside(inputs: Properties, fields: Partial<AccountRecord>): Promise<void>;
  /** A fault for that account's write alone. */
  faultOfWrite(what: string, more?: Partial<Fault>): Promise<void>;
}

// Most tests wait for one lost answer or two, on a machine that may be busy.
jest.setTimeout(30_000);

/** Enough for every test of a file, and few enough that a listing is one page. */
const accounts = 80;

/** @returns For the tests that only this service has. */
export function testService(contract: ServiceContract): Suite {
  const { type, passwords } = contract;
  const [live, first, second] = passwords;
  const service = services.get(type) as AccountService;
  let twin: Rehearsal;
  let printed: () => string;
  let used = 0;
  const before = { ...process.env };

  const suite: Suite = {
    get twin() {
      return twin;
    },
    printed: () => printed(),
    fresh: (more = {}) => ({ ...contract.account(used++), currentPassword: live, ...more }),
    resource: (config = {}) => new Resource(newRun(type, config), type),
    identityOf: (inputs) =>
      Object.fromEntries(service.identity.map((name) => [name, String(inputs[name])])),
    opens: (inputs, password) => twin.opens(type, suite.identityOf(inputs), password),
    outside: (inputs, fields) => {
      const record = { ...contract.record(suite.identityOf(inputs)), ...fields };
      return twin.outside(contract.list([record as AccountRecord]));
    },
    faultOfWrite: (what, more = {}) =>
      twin.fault({ ...contract.write, when: "before", what, ...more } as Fault),
  };

  beforeAll(async () => {
    const records = Array.from({ length: accounts }, (_, n) => ({
      ...contract.record(contract.account(n)),
      password: live,
    }));
    twin = await startRehearsal(contract.list(records));
  });
  beforeEach(async () => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before, twin.environment);
    await twin.clear();
    printed = spyOnOutput();
    // The longest wait each time, so that no test hangs on an attempt that has a few milliseconds left.
    jest.spyOn(Math, "random").mockReturnValue(0.999);
  });
  afterEach(() => {
    // Whatever a test has provoked: no password is in what the process printed, nor in what is logged on the way of a request.
    const texts = [
      printed(),
      ...twin.recorded.map(({ method, path, headers }) => JSON.stringify([method, path, headers])),
    ];
    expectNoPassword(texts, passwords);
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await twin.close();
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
  });

  const isPasswordsOwn = !contract.changedOutside.source.includes("perhaps");
  const timeField = isPasswordsOwn ? "passwordModifiedTime" : "modifiedTime";

  /** A failure as a user sees it: action, account, code, and nothing secret. */
  function expectClear(failed: Failed, inputs: Properties, code: string): void {
    const { message, stack, reasons = [], code: own } = failed;
    expect(message).toMatch(/^Cannot set the password of /);
    expect(message).toContain(
      `${contract.noun} "${Object.values(suite.identityOf(inputs)).join("/")}"`,
    );
    expect(message).toMatch(new RegExp(`\\(${code}[,)]`));
    if (failed.id === undefined) expect(own).toBe(code);
    else expect(reasons).toEqual([message]);
    expectNoPassword([message, stack, ...reasons], passwords);
  }

  describe(`${type}: check()`, () => {
    const account = contract.account(0);

    async function problems(program: Properties, olds: Properties = {}): Promise<string[]> {
      const failed: unknown = await suite
        .resource()
        .check(program, olds)
        .catch((error: unknown) => error);
      if (!(failed instanceof CheckFailed)) return [];
      // The engine would print the value of a property that is named.
      for (const { property } of failed.failures) expect(property).toBe("");
      expect(twin.recorded).toEqual([]);
      return failed.failures.map(({ reason }) => reason);
    }

    test.each(contract.refusedPasswords)(
      "refuses a password: %s",
      async (_what, password, says) => {
        const found = await problems({ ...account, currentPassword: live, password });
        expect(found).not.toEqual([]);
        expect(found.join("\n")).toMatch(says);
        for (const text of found) {
          expect(text).toMatch(/^Cannot set the password of /);
          expect(text).toContain(`${contract.noun} "${Object.values(account).join("/")}"`);
          expect(text).toContain("nothing was sent");
          expect(text).toMatch(/\((PASSWORD_POLICY|INVALID_ARGUMENT)\)$/);
          if (password.length >= 4) expectNoPassword([text], [password]);
        }
      },
    );

    test("warns of a password that only one document allows", async () => {
      const program = { ...account, currentPassword: live, password: contract.doubtfulPassword };
      expect(await problems(program)).toEqual([]);
      const lines = printed();
      expect(lines).toContain("warning: ");
      expect(lines).toContain(contract.noun);
      expectNoPassword([lines], [contract.doubtfulPassword]);
    });

    test("does not validate a password that is in the state, or live by currentPassword", async () => {
      const vendorMade = "Made by the vendor, 40 characters long !";
      expect(await problems({ ...account, password: vendorMade })).not.toEqual([]);
      expect(
        await problems({ ...account, password: vendorMade }, { ...account, password: vendorMade }),
      ).toEqual([]);
      expect(
        await problems({ ...account, password: vendorMade, currentPassword: vendorMade }),
      ).toEqual([]);
      expect(await problems({ ...account, password: first, currentPassword: vendorMade })).toEqual(
        [],
      );
    });

    test("wants a password", async () => {
      const found = await problems({ ...account, currentPassword: live });
      expect(found).toEqual([expect.stringMatching(/password is missing.*\(INVALID_ARGUMENT\)$/)]);
    });

    test.each(service.identity)("wants %s, and not an empty one", async (name) => {
      for (const [variable] of Object.values(contract.places)) delete process.env[variable];
      for (const value of [undefined, null, "", "tcr$"]) {
        if (value === "tcr$" && !(type.includes("Tcr") && name === "accountName")) continue;
        const found = await problems({
          ...account,
          password: first,
          currentPassword: live,
          [name]: value,
        });
        const mine = found.filter((text) => text.includes(`: ${name} `));
        expect(mine).toHaveLength(1);
        expect(mine[0]).toContain("nothing was sent");
        expect(mine[0]).toMatch(/ (is missing|must be a text that is not empty)/);
        const [variable, key] = contract.places[name] ?? [];
        if (variable !== undefined) expect(mine[0]).toContain(variable);
        if (key !== undefined) expect(mine[0]).toContain(key);
      }
    });

    test("refuses values of another type, without quoting them", async () => {
      const wrong: Properties = {
        password: 98765432,
        currentPassword: ["shouldNotShow1"],
        profile: "",
        timeoutSeconds: 0,
        ...Object.fromEntries(service.identity.map((name) => [name, { shouldNotShow: 1 }])),
        ...Object.fromEntries(
          Object.keys(contract.ownArguments).map((name) => [name, "shouldNotShow1"]),
        ),
      };
      for (const [name, value] of Object.entries(wrong)) {
        const found = await problems({
          ...account,
          currentPassword: live,
          password: first,
          [name]: value,
        });
        expect(found.join("\n")).toMatch(new RegExp(`: ${name} must be .*\\(INVALID_ARGUMENT\\)`));
        expect(found.join("\n")).not.toMatch(/shouldNotShow|98765432/);
      }
      for (const timeoutSeconds of [1.5, -1, "10"])
        expect(
          await problems({ ...account, currentPassword: live, password: first, timeoutSeconds }),
        ).toHaveLength(1);
    });

    test("refuses an argument that does not exist, and names those that do", async () => {
      const found = await problems({
        ...account,
        password: first,
        currentPassword: live,
        passwrod: "shouldNotShow1",
      });
      expect(found).toHaveLength(1);
      expect(found[0]).toContain('there is no argument "passwrod"');
      for (const name of [
        ...service.identity,
        "password",
        "currentPassword",
        "profile",
        "timeoutSeconds",
      ])
        expect(found[0]).toContain(name);
      expect(found[0]).not.toMatch(/shouldNotShow|passwordVersion/);
    });

    test("lets unknown values of every kind pass untouched", async () => {
      const sentinels = {
        text: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        flag: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        list: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
      };
      const unknown: Properties = {
        password: sentinels.text,
        currentPassword: sentinels.text,
        passwordVersion: sentinels.number,
        timeoutSeconds: sentinels.number,
        profile: sentinels.object,
        ...Object.fromEntries(service.identity.map((name) => [name, sentinels.text])),
        ...("candidates" in contract.ownArguments && { candidates: sentinels.list }),
        ...("resetWithoutCurrent" in contract.ownArguments && {
          resetWithoutCurrent: sentinels.flag,
        }),
      };
      const { inputs = {}, failures } = await newRun(type).check!({}, unknown);
      expect(failures).toEqual([]);
      // Bare: a wrapped one would be taken for a value.
      expect(overTheWire(inputs)).toEqual({ ...unknown, drift: "none" });
    });

    test.each(Object.entries(contract.places))(
      "takes %s as given, stored, configured, from the environment; and keeps it",
      async (name, [variable, key]) => {
        const all: Properties = { ...account, password: first, currentPassword: live };
        const { [name]: _left, ...program } = all;
        process.env[variable] = "aa-environment";
        const resolve = async (
          given: Properties,
          olds: Properties,
          config: Record<string, string>,
        ) => (await suite.resource(config).check({ ...program, ...given }, olds))[name];
        const stored = { ...account, [name]: "aa-stored" };
        const config = { [key]: "aa-configuration" };
        expect(await resolve({ [name]: "aa-given" }, stored, config)).toBe("aa-given");
        expect(await resolve({}, stored, config)).toBe("aa-stored");
        expect(await resolve({ [name]: "" }, stored, config)).toBe("aa-stored");
        expect(await resolve({}, {}, config)).toBe("aa-configuration");
        expect(await resolve({}, {}, { [key]: "" })).toBe("aa-environment");
        expect(await resolve({}, {}, {})).toBe("aa-environment");
      },
    );

    test("adds the place and drift to the program's inputs, and never anything else", async () => {
      const program = { ...account, password: first, currentPassword: live };
      const inputs = await suite.resource().check(program);
      expect(Object.keys(inputs).sort()).toEqual(
        [...Object.keys(program), "drift", "__provider"].sort(),
      );
      // What the last release has stored is found again as it is: an upgrade shows no diff.
      expect(await suite.resource().check(program, inputs)).toEqual(inputs);
    });

    test("returns passwords as wire secrets", async () => {
      const more = { ...("candidates" in contract.ownArguments && { candidates: [live] }) };
      const program = { ...account, password: first, currentPassword: live, ...more };
      const { inputs = {} } = await newRun(type).check!({}, program);
      const wire = overTheWire(inputs);
      for (const name of ["password", "currentPassword", ...Object.keys(more)])
        expect(isWireSecret(wire[name])).toBe(true);
    });

    test.each(contract.endpointVariables)(
      "refuses a malformed endpoint in %s",
      async (variable) => {
        delete process.env["ACCOUNT_PASSWORDS_EMULATOR"];
        const program = { ...account, password: first, currentPassword: live };
        for (const [value, says] of [
          ["http://198.51.100.7", /plain http is accepted for loopback addresses only/],
          ["198.51.100.7:8080", /must be a URL/],
          ["https://shouldNotShow:x@example.com", /scheme, host, port and path only/],
        ] as const) {
          process.env[variable] = value;
          const found = await problems(program);
          expect(found).toEqual([expect.stringMatching(says)]);
          expect(found[0]).toContain(variable);
          expect(found[0]).toMatch(/nothing was sent.*\(ENDPOINT_INVALID\)$/);
          expect(found[0]).not.toContain("shouldNotShow");
        }
        process.env[variable] = twin.url;
        expect(await problems(program)).toEqual([]);
      },
    );

    test("refuses a rate that is none", async () => {
      process.env["ACCOUNT_PASSWORDS_RATE"] = "fast";
      const found = await problems({ ...account, password: first, currentPassword: live });
      expect(found).toEqual([
        expect.stringMatching(/ACCOUNT_PASSWORDS_RATE.*\(INVALID_ARGUMENT\)$/),
      ]);
    });
  });

  describe(`${type}: the life of a password`, () => {
    test("create() sends one request, byte for byte, and returns complete outputs", async () => {
      const program = suite.fresh({
        password: first,
        profile: "unused",
        ...contract.ownArguments,
        timeoutSeconds: 30,
      });
      const resource = suite.resource();
      const inputs = await resource.check(program);
      const { id, outs = {} } = await resource.provider.create({ ...inputs });

      const writes = twin.recorded.filter(({ body }) => body.includes(first));
      expect(writes).toHaveLength(1);
      const [sent] = writes as [Recorded];
      const expected = contract.expectedRequest(suite.identityOf(program), first, live);
      expect({ method: sent.method, path: sent.path, body: sent.body }).toEqual({
        method: "POST",
        path: expected.path,
        body: expected.body,
      });
      for (const [name, value] of Object.entries(expected.headers)) {
        if (typeof value === "string") expect([name, sent.headers[name]]).toEqual([name, value]);
        else expect(sent.headers[name]).toMatch(value);
      }

      expect(id).toBe(idOf(service, inputs as Account));
      const wire = overTheWire(outs);
      const { changedAt, requestId, endpoint, ...others } = wire;
      expect(Math.abs(Date.parse(String(changedAt)) - Date.now())).toBeLessThan(60_000);
      expect(requestId).toMatch(contract.requestId);
      expect(endpoint).toBe(new URL(twin.url).host);
      const { password, currentPassword, candidates, ...plain } = others;
      for (const secret of [
        password,
        currentPassword,
        ...(candidates === undefined ? [] : [candidates]),
      ])
        expect(isWireSecret(secret)).toBe(true);
      const { password: _p, currentPassword: _c, candidates: _l, ...plainInputs } = inputs;
      expect(plain).toEqual({ ...plainInputs, status: "confirmed", revision: 1, drift: "none" });
      expect("candidates" in contract.ownArguments).toBe(candidates !== undefined);

      expect(await suite.opens(program, first)).toBe(true);
      expect(await suite.opens(program, live)).toBe(false);
    });

    test("a second up changes nothing; another password updates in place; the rest needs no call", async () => {
      const program = suite.fresh({ password: first });
      const resource = suite.resource();
      await resource.up(program);
      const { id, outputs } = resource;
      expect(await resource.up(program)).toBe("unchanged");

      await twin.clear();
      expect(await resource.preview({ ...program, password: second })).toEqual({
        changed: ["password"],
        replaces: [],
      });
      expect(twin.recorded).toEqual([]);
      expect(await resource.up({ ...program, password: second })).toBe("updated");
      expect(await twin.writes()).toBe(1);
      expect(resource.id).toBe(id);
      expect(resource.outputs).toMatchObject({
        password: second,
        status: "confirmed",
        revision: 2,
      });
      expect(resource.outputs["requestId"]).not.toBe(outputs["requestId"]);
      expect(await suite.opens(program, second)).toBe(true);
      expect(await suite.opens(program, first)).toBe(false);

      await twin.clear();
      const { currentPassword: _gone, ...without } = program;
      const { changedAt, requestId } = resource.outputs;
      expect(
        await resource.up({ ...without, password: second, timeoutSeconds: 77, profile: "other" }),
      ).toBe("updated");
      expect(twin.recorded).toEqual([]);
      expect(resource.outputs).toMatchObject({
        revision: 2,
        status: "confirmed",
        changedAt,
        requestId,
        timeoutSeconds: 77,
      });
      expect(resource.outputs).not.toHaveProperty("currentPassword");
      expect(Object.keys(resource.outputs)).toEqual(
        expect.arrayContaining(Object.keys(resource.inputs ?? {})),
      );
    });

    test.each(service.identity)("another %s replaces", async (name) => {
      const program = suite.fresh({ password: live });
      const resource = suite.resource();
      await resource.up(program);
      const { replaces } = await resource.preview({
        ...program,
        [name]: `${String(program[name])}-2`,
      });
      expect(replaces).toEqual([name]);
      // Not known yet: the engine decides when it is.
      const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
      expect((await resource.preview({ ...program, [name]: unknown })).replaces).toEqual([name]);
    });

    test("another default place does not replace", async () => {
      const { region: _left, ...program } = suite.fresh({ password: live }) as Properties & {
        region: string;
      };
      const resource = suite.resource();
      await resource.up({ ...program, region: _left });
      for (const [variable] of Object.values(contract.places))
        process.env[variable] = "aa-elsewhere";
      expect(await resource.preview(program)).toEqual({ changed: [], replaces: [] });
    });

    test("currentPassword equal to password is adopted without a call", async () => {
      const program = suite.fresh({ password: live });
      const resource = suite.resource();
      await resource.up(program);
      expect(twin.recorded).toEqual([]);
      expect(resource.id).toBe(idOf(service, suite.identityOf(program)));
      expect(resource.outputs).toEqual({
        ...resource.inputs,
        status: "adopted",
        changedAt: "",
        requestId: "",
        revision: 0,
        drift: "none",
        endpoint: new URL(twin.url).host,
      });
      expect(await resource.up(program)).toBe("unchanged");
      await resource.up({ ...program, password: first });
      expect(resource.outputs).toMatchObject({ status: "confirmed", revision: 1, password: first });
      expect(await suite.opens(program, first)).toBe(true);
    });

    test("refresh keeps what is there, and returns no inputs", async () => {
      const program = suite.fresh({ password: first });
      const resource = suite.resource();
      await resource.up(program);
      const { outputs } = resource;
      const {
        id,
        props = {},
        inputs,
      } = await resource.provider.read!(String(resource.id), { ...outputs });
      expect(id).toBe(resource.id);
      expect(inputs).toBeUndefined();
      const wire = overTheWire(props);
      expect(isWireSecret(wire["password"])).toBe(true);
      expect(isWireSecret(wire["currentPassword"])).toBe(true);
      expect(await resource.refresh()).toBe("kept");
      const { vendorModifiedAt, ...others } = resource.outputs;
      expect(others).toEqual(outputs);
      expect(vendorModifiedAt).toEqual(expect.any(String));
      expect(await twin.writes()).toBe(1);
      expect(await resource.up(program)).toBe("unchanged");
      // What it is compared with from now on.
      expect(await resource.refresh()).toBe("kept");
      expect(resource.outputs).toEqual({ ...outputs, vendorModifiedAt });
    });

    test.each(["confirmed", "adopted"])(
      "refresh finds a change outside of a %s password, until up has set it again",
      async (status) => {
        const program = suite.fresh({ password: status === "adopted" ? live : first });
        const { password } = program;
        // Vendors have recorded the times of passwords only for some years.
        if (timeField === "passwordModifiedTime")
          await suite.outside(program, { [timeField]: "2026-01-31T12:00:00Z" });
        const resource = suite.resource();
        await resource.up(program);
        expect(resource.outputs).toMatchObject({ status });
        await resource.refresh();
        const before = resource.outputs;
        const baseline = String(before["vendorModifiedAt"]);

        await suite.outside(program, { password: second });
        printed();
        await resource.refresh();
        const { drift } = resource.outputs;
        expect(drift).toMatch(contract.changedOutside);
        expect(drift).not.toContain(baseline);
        expect(resource.outputs).toEqual({ ...before, drift });
        expect(resource.inputs).toMatchObject({ drift, password });
        expect(printed()).toMatch(
          new RegExp(`^warning: ${contract.noun} .* outside on .*; the next update sets`),
        );

        // Neither another time, nor the old one again, nor a vendor that is silent makes it good.
        const found = [resource.inputs, resource.outputs];
        for (const time of [null, "2024-01-01T00:00:00Z", "2031-01-01T00:00:00Z"]) {
          await suite.outside(program, { [timeField]: time });
          await resource.refresh();
          expect([resource.inputs, resource.outputs]).toEqual(found);
        }
        expect(printed()).toBe("");

        await twin.clear();
        resource.provider = newRun(type);
        expect((await resource.preview(program)).changed).toEqual(["drift"]);
        expect(await resource.up(program)).toBe("updated");
        printed();
        expect(await suite.opens(program, String(password))).toBe(true);
        expect(resource.outputs).toMatchObject({ status: "confirmed", drift: "none", password });
        expect(resource.outputs).not.toHaveProperty("vendorModifiedAt");
        await twin.clear();
        expect(await resource.up(program)).toBe("unchanged");

        await resource.refresh();
        expect(resource.outputs).toMatchObject({ drift: "none" });
        expect(resource.outputs["vendorModifiedAt"]).not.toBe(baseline);
        expect(await resource.up(program)).toBe("unchanged");
        expect(await twin.writes()).toBe(0);
      },
    );

    test("refresh takes another edit for a change of the password only where the time is the account's", async () => {
      const program = suite.fresh({ password: first });
      const resource = suite.resource();
      await resource.up(program);
      await resource.refresh();
      await suite.outside(program, contract.otherEdit);
      await resource.refresh();
      printed();
      const { drift } = resource.outputs;
      if (timeField === "modifiedTime") {
        expect(drift).toMatch(contract.changedOutside);
        expect(await resource.up(program)).toBe("updated");
        expect(await suite.opens(program, first)).toBe(true);
      } else expect(drift).toBe("none");
      expect(await resource.up(program)).toBe("unchanged");
    });

    test("what is stored without a call keeps the vendor's time, and a change drops it", async () => {
      const program = suite.fresh({ password: first });
      const resource = suite.resource();
      await resource.up(program);
      await resource.refresh();
      const { vendorModifiedAt } = resource.outputs;
      await resource.up({ ...program, timeoutSeconds: 17 });
      expect(resource.outputs).toMatchObject({ timeoutSeconds: 17, vendorModifiedAt });
      await resource.up({ ...program, password: second });
      expect(resource.outputs).not.toHaveProperty("vendorModifiedAt");
    });

    test("refresh drops an account only when it is certainly gone", async () => {
      const program = suite.fresh({ password: first });
      const resource = suite.resource();
      await resource.up(program);
      await suite.outside(program, { deleted: true });
      expect(await resource.refresh()).toBe(contract.drops ? "gone" : "kept");
      if (contract.drops) expect(printed()).toContain("does not exist any more");
    });

    test("refresh without credentials keeps everything, and says what is missing", async () => {
      const program = suite.fresh({ password: first });
      const resource = suite.resource();
      await resource.up(program);
      await suite.outside(program, { deleted: true });
      const state = [resource.inputs, resource.outputs];
      const missing = ["TENCENTCLOUD_SECRET_KEY", "HW_USER_PASSWORD"];
      for (const variable of missing) delete process.env[variable];
      resource.provider = newRun(type);
      printed();
      expect(await resource.refresh()).toBe("kept");
      expect([resource.inputs, resource.outputs]).toEqual(state);
      expect(printed()).toMatch(
        new RegExp(`warning: ${contract.noun} .*could not be read.*(${missing.join("|")})`),
      );
    });

    test("delete forgets, says so, and calls nobody", async () => {
      const program = suite.fresh({ password: first });
      const resource = suite.resource();
      await resource.up(program);
      await twin.clear();
      printed();
      await new Resource(newRun(type), type).provider.delete!(String(resource.id), {
        ...resource.outputs,
      });
      expect(twin.recorded).toEqual([]);
      expect(printed()).toContain("the account keeps its password");
      expect(await suite.opens(program, first)).toBe(true);
    });
  });

  describe(`${type}: what the vendor answers`, () => {
    const errors = contract.apiErrors.map(([vendorCode, code, transient]) => ({
      vendorCode,
      code,
      transient,
    }));
    test.each(errors)("$vendorCode is $code", async ({ vendorCode, code, transient }) => {
      const program = suite.fresh({ password: first, timeoutSeconds: 1 });
      const resource = suite.resource();
      await suite.faultOfWrite(`error:${vendorCode}`, { times: 100 });
      const failed = await failureOf(resource.up(program));
      expectClear(failed, program, code);
      expect(failed.message).toContain(vendorCode);
      expect(failed.message).toMatch(/, request [\w-]+\)$/);
      expect(failed.message).toContain("this run changed nothing");
      // Nothing is stored of a change that certainly did not happen.
      expect(failed.id).toBeUndefined();
      expect(resource.id).toBeUndefined();
      const sent = await twin.writes();
      if (transient) expect(sent).toBeGreaterThan(0);
      else expect(sent).toBe(1);
      expect(await suite.opens(program, live)).toBe(true);
    });

    test("a refused update keeps the old state, and says since when it holds", async () => {
      const [vendorCode = "", code = ""] = contract.apiErrors[0] ?? [];
      const program = suite.fresh({ password: first, timeoutSeconds: 1 });
      const resource = suite.resource();
      await resource.up(program);
      const state = [resource.inputs, resource.outputs];
      await suite.faultOfWrite(`error:${vendorCode}`, { times: 100 });
      const failed = await failureOf(resource.up({ ...program, password: second }));
      expectClear(failed, program, code);
      expect(failed.message).toContain("this run changed nothing");
      expect(failed.message).toContain(
        `the state's password is the one confirmed on ${String(resource.outputs["changedAt"])}; if an earlier run was killed, a newer one may be live`,
      );
      expect([resource.inputs, resource.outputs]).toEqual(state);
      await twin.fault();
      await twin.clear();
      await resource.up({ ...program, password: second });
      expect(await suite.opens(program, second)).toBe(true);
    });

    test("a code that no document has is unknown, never refused", async () => {
      const program = suite.fresh({ password: first, timeoutSeconds: 1 });
      const resource = suite.resource();
      await suite.faultOfWrite("error:Never.HeardOf", { times: 100 });
      const failed = await failureOf(resource.up(program));
      expectClear(failed, program, "OUTCOME_UNKNOWN");
      expect(failed.message).toContain("Never.HeardOf");
      expect(resource.outputs).toMatchObject({ status: "unknown", pendingPasswords: [first] });
    });

    test.each(["hang", "reset", "garbage", "status:503"])(
      "%s after the effect: a partial failure with everything that may be live, settled by the next up",
      async (what) => {
        const program = suite.fresh({ password: first, timeoutSeconds: 1 });
        const resource = suite.resource();
        const identity = suite.identityOf(program);
        // The first write has its effect, and no answer ever arrives.
        await suite.faultOfWrite(what, { when: "after", times: 100 });
        const failed = await failureOf(resource.up(program));
        expectClear(failed, program, "OUTCOME_UNKNOWN");
        expect(failed.id).toBe(idOf(service, identity));
        expect(failed.message).toContain("it is not known whether the change happened");
        expect(failed.message).toContain("run `pulumi up` again");
        expect(failed.message).toContain("pulumi refresh --clear-pending-creates");

        const { properties = {}, wireProperties = {} } = failed;
        const { unknownSince, endpoint, __provider, triedAt: _t, ...others } = properties;
        const { password: _wanted, __provider: literal, ...inputs } = resource.inputs ?? {};
        expect(__provider).toBe(literal);
        expect(endpoint).toBe(new URL(twin.url).host);
        expect(Math.abs(Date.parse(String(unknownSince)) - Date.now())).toBeLessThan(60_000);
        expect(others).toEqual({
          ...inputs,
          status: "unknown",
          pendingPasswords: [first],
          changedAt: "",
          requestId: "",
          revision: 0,
          drift: "none",
        });
        expect(isWireSecret(wireProperties["pendingPasswords"])).toBe(true);
        expect(isWireSecret(wireProperties["currentPassword"])).toBe(true);

        // The program says the same, and the engine finds no difference: still not "unchanged".
        await twin.clear();
        resource.provider = newRun(type);
        expect(await resource.up({ ...program, timeoutSeconds: 30 })).toBe("updated");
        expect(resource.outputs).toMatchObject({
          status: "confirmed",
          password: first,
          revision: 1,
        });
        for (const name of ["pendingPasswords", "unknownSince", "taskId", "triedAt"])
          expect(resource.outputs).not.toHaveProperty(name);
        expect(await suite.opens(program, first)).toBe(true);
      },
    );

    test("nothing listens: a plain failure, nothing is unknown", async () => {
      const program = suite.fresh({ password: first, timeoutSeconds: 1 });
      const resource = suite.resource();
      const inputs = await resource.check(program);
      for (const name of [...contract.endpointVariables, "ACCOUNT_PASSWORDS_EMULATOR"])
        process.env[name] = "http://127.0.0.1:9";
      const failed = await failureOf(resource.provider.create(inputs));
      expectClear(failed, program, "NETWORK");
      expect(failed.id).toBeUndefined();
      expect(failed.message).toContain("this run changed nothing");
    });
  });

  return suite;
}

/** In clear, within JSON, in a URL, in base64. */
export function expectNoPassword(texts: readonly string[], passwords: readonly string[]): void {
  for (const password of passwords) {
    const forms = [
      password,
      JSON.stringify(password).slice(1, -1),
      encodeURIComponent(password),
      Buffer.from(password).toString("base64").replace(/=+$/, ""),
    ];
    for (const text of texts) for (const form of forms) expect(text).not.toContain(form);
  }
}
