/**
 * Every call that a change of a password makes, everything that may become of it, and what must be
 * in the state afterwards: data for the tests that play it.
 */
import type { AccountRecord, AccountsFile, Fault } from "../emulator";

/** What a run leaves behind. */
export type Left =
  /** No error, and the new password. */
  | "confirmed"
  /** A plain error: what was known before is all that is known. */
  | "refused"
  /** A partial failure that names the sent password first among those that may be live. */
  | "unknown"
  /** A partial failure that names no password: only that one was tried, and when. */
  | "tried";

export interface Outcome {
  readonly what: string;
  /** Done to every such call of the account. Without one the vendor answers. */
  readonly fault?: Pick<Fault, "when" | "what" | "times">;
  /** Nobody listens when the call is to be made. */
  readonly notSent?: true;
  readonly left: Left;
  /** Whether the vendor sets the password, however late. Where it is confirmed, it does. */
  readonly applied?: true;
  /** A wrong password may have been counted: nothing is tried again for a while. */
  readonly pause?: true;
  /** The end of the change is not waited for, since it may not be seen. */
  readonly unseen?: true;
}

export interface Call {
  readonly type: string;
  /** Where the accounts file lists such accounts. */
  readonly list: "tcr" | "mariadb" | "postgresql" | "redis" | "servicecomb";
  readonly service: Fault["service"] & string;
  readonly action: string;
  /** What sets this call apart from another one of the action. */
  readonly as?: string;
  readonly outcomes: readonly Outcome[];
  /** The call before it, after whose answer nobody listens any more for `notSent`. */
  readonly after?: string;
  /** Whether the program gives `currentPassword`. */
  readonly currentGiven?: true;
  /** The live password was set by somebody else. */
  readonly liveUnknown?: true;
  /** The answer to an earlier change got lost. */
  readonly unknownBefore?: true;
  /** ServiceComb: whose RBAC token changes it. @default the IAM user's own */
  readonly by?: "own token" | "own login" | "administrator's login";
}

const always = 1000;
const before = (what: string, times = always) => ({ when: "before", what, times }) as const;
const after = (what: string, times = always) => ({ when: "after", what, times }) as const;

interface Codes {
  /** Documented: certainly without effect. */
  readonly refused: string;
  /** Documented, and says nothing of the effect. */
  readonly vague: string;
}

/** Ways in which an answer is no use. */
function useless(vague: string): [what: string, how: string][] {
  return [
    ["a vague error", `error:${vague}`],
    ["an error that no document has", "error:Never.HeardOf"],
    ["a gateway's page", "status:503"],
    ["half an answer", "garbage"],
    ["the connection is reset", "reset"],
    ["no answer", "hang"],
  ];
}

/** A call that sets a password. @param resent Whether it is sent again where the answer got lost. */
function writing({ refused, vague }: Codes, resent = true): Outcome[] {
  const once = resent ? "confirmed" : "unknown";
  const pause = resent ? {} : ({ pause: true } as const);
  return [
    { what: "not sent", notSent: true, left: "refused" },
    { what: "refused", fault: before(`error:${refused}`), left: "refused" },
    { what: "applied", left: "confirmed" },
    ...useless(vague).map(([what, how]): Outcome => ({
      what: `applied, ${what}`,
      fault: after(how),
      left: "unknown",
      applied: true,
      ...pause,
    })),
    { what: "applied, reset once", fault: after("reset", 1), left: once, applied: true, ...pause },
    {
      what: "applied late",
      fault: after("lateEffect:2500"),
      left: "unknown",
      applied: true,
      ...pause,
    },
    {
      what: "applied late once",
      fault: after("lateEffect:700", 1),
      left: once,
      applied: true,
      ...pause,
    },
    { what: "lost on its way there", fault: before("reset"), left: "unknown", ...pause },
  ];
}

/** A call that reads what became of a change that the vendor has accepted. */
function watching({ refused, vague }: Codes, denied: Left): Outcome[] {
  const unseen = denied === "confirmed" ? ({ unseen: true } as const) : {};
  return [
    { what: "not sent", notSent: true, left: "unknown", applied: true },
    { what: "refused", fault: before(`error:${refused}`), left: denied, applied: true, ...unseen },
    { what: "answered", left: "confirmed" },
    ...useless(vague).map(([what, how]): Outcome => ({
      what,
      fault: after(how),
      left: "unknown",
      applied: true,
    })),
    { what: "reset once", fault: after("reset", 1), left: "confirmed" },
    { what: "answered late", fault: after("delay:400", 1), left: "confirmed" },
  ];
}

/** A call that gets a token, without any password of the engine: repeated, and of no effect. */
function gettingToken({ refused, vague }: Codes): Outcome[] {
  return [
    { what: "not sent", notSent: true, left: "refused" },
    { what: "refused", fault: before(`error:${refused}`), left: "refused" },
    { what: "answered", left: "confirmed" },
    ...useless(vague).map(([what, how]): Outcome => ({ what, fault: after(how), left: "refused" })),
    { what: "reset once", fault: after("reset", 1), left: "confirmed" },
    { what: "answered late", fault: after("delay:400", 1), left: "confirmed" },
  ];
}

/** A login: what got no answer may have been a wrong try. @param otherwise What else it leaves. */
function loggingIn(lost: Left, otherwise: Left): Outcome[] {
  return [
    { what: "not sent", notSent: true, left: otherwise },
    { what: "refused", fault: before("error:403205"), left: otherwise },
    { what: "answered", left: "confirmed" },
    ...useless("500003").map(([what, how]): Outcome => ({
      what,
      fault: after(how),
      left: lost,
      pause: true,
    })),
    { what: "answered late", fault: after("delay:400", 1), left: "confirmed" },
  ];
}

const taskFails: Outcome = {
  what: "accepted, and its task fails",
  fault: before("taskFails"),
  left: "unknown",
};

const redisCodes = { refused: "UnauthorizedOperation.NoCAMAuthed", vague: "InternalError" };
const engineCodes = { refused: "403001", vague: "500003" };
const redis = {
  type: "tencentcloud:RedisInstancePassword",
  list: "redis",
  service: "redis",
} as const;
const postgresql = {
  type: "tencentcloud:PostgresqlAccountPassword",
  list: "postgresql",
  service: "postgres",
} as const;
const servicecomb = {
  type: "huaweicloud:ServicecombAccountPassword",
  list: "servicecomb",
  service: "cse",
} as const;

export const calls: readonly Call[] = [
  {
    type: "tencentcloud:TcrServiceAccountPassword",
    list: "tcr",
    service: "tcr",
    action: "ModifyServiceAccountPassword",
    outcomes: writing({ refused: "OperationDenied", vague: "FailedOperation.DbError" }),
  },
  {
    type: "tencentcloud:MariadbAccountPassword",
    list: "mariadb",
    service: "mariadb",
    action: "ResetAccountPassword",
    outcomes: writing({
      refused: "InvalidParameter.CharacterError",
      vague: "FailedOperation.ResetPasswordFailed",
    }),
  },
  {
    ...postgresql,
    action: "ResetAccountPassword",
    outcomes: writing({
      refused: "InvalidAccountPassword",
      vague: "FailedOperation.OssOperationFailed",
    }),
  },
  {
    ...postgresql,
    action: "DescribeAccounts",
    after: "ResetAccountPassword",
    outcomes: watching(
      { refused: "AuthFailure.UnauthorizedOperation", vague: "InternalError" },
      "confirmed",
    ),
  },
  {
    ...redis,
    action: "ModifyInstancePassword",
    currentGiven: true,
    outcomes: [...writing(redisCodes), taskFails],
  },
  {
    ...redis,
    action: "ResetPassword",
    after: "ModifyInstancePassword",
    liveUnknown: true,
    outcomes: [...writing(redisCodes), taskFails],
  },
  {
    ...redis,
    action: "DescribeTaskInfo",
    after: "ModifyInstancePassword",
    currentGiven: true,
    outcomes: watching(redisCodes, "unknown"),
  },
  {
    ...servicecomb,
    action: "ChangeAccountPassword",
    as: "a reset by an administrator",
    after: "ExchangeToken",
    outcomes: writing(engineCodes),
  },
  {
    ...servicecomb,
    action: "ChangeAccountPassword",
    as: "a change of the token's own account",
    by: "own token",
    after: "CreateToken",
    currentGiven: true,
    outcomes: writing(engineCodes, false),
  },
  {
    ...servicecomb,
    action: "ExchangeToken",
    after: "CreateToken",
    outcomes: gettingToken({ refused: "APIGW.0302", vague: "500003" }),
  },
  {
    ...servicecomb,
    action: "Login",
    as: "of the account itself",
    by: "own login",
    currentGiven: true,
    outcomes: loggingIn("tried", "refused"),
  },
  {
    ...servicecomb,
    action: "Login",
    as: "of an administrator",
    by: "administrator's login",
    outcomes: loggingIn("tried", "refused"),
  },
  {
    ...servicecomb,
    action: "Login",
    as: "that proves the wanted password",
    by: "own token",
    currentGiven: true,
    unknownBefore: true,
    outcomes: loggingIn("unknown", "unknown"),
  },
  {
    ...servicecomb,
    service: "iam",
    action: "CreateToken",
    outcomes: gettingToken({ refused: "401", vague: "500" }),
  },
];

export interface Row {
  readonly name: string;
  readonly call: Call;
  readonly outcome: Outcome;
  readonly round: "create" | "update";
  readonly n: number;
}

/** All rows; neighbours are of different calls, so that none has to wait for its turn at a vendor. */
export const rows: readonly Row[] = Array.from({ length: 20 }, (_, nth) => nth)
  .flatMap((nth) =>
    calls.flatMap((call) => {
      const outcome = call.outcomes[nth];
      return outcome === undefined ? [] : [{ call, outcome }];
    }),
  )
  .flatMap(({ call, outcome }) =>
    (["create", "update"] as const).map((round) => ({ call, outcome, round })),
  )
  .map((row, n) => {
    const { list, action, as } = row.call;
    const call = `${list} ${action}${as === undefined ? "" : ` (${as})`}`;
    return { ...row, n, name: `${call}, ${row.round}: ${row.outcome.what}` };
  });

export type Account = Readonly<Record<string, string>>;

/** The row's account, at an instance of its own. */
export function accountOf({ call, n }: Row): Account {
  switch (call.list) {
    case "tcr":
      return { registryId: `tcr-row${n}`, accountName: "robot" };
    case "mariadb":
      return { instanceId: `tdsql-row${n}`, userName: "app", host: "10.%" };
    case "postgresql":
      return { instanceId: `postgres-row${n}`, userName: "app" };
    case "redis":
      return { instanceId: `crs-row${n}` };
    case "servicecomb":
      return { projectId: `project${n}`, engineId: `row-${n}`, accountName: "alice" };
  }
}

/** The part of the account that names the instance. */
export function instanceOf(row: Row): Account {
  const { registryId, instanceId, engineId } = accountOf(row);
  if (registryId !== undefined) return { registryId };
  return engineId === undefined ? { instanceId: String(instanceId) } : { engineId };
}

/** Passwords that every policy allows. Each row has its own, and all begin alike. */
export function passwordsOf({ call, n }: Row) {
  const make = (what: string) => `Canary${call.list === "tcr" ? "" : "+"}${what}${n}x9`;
  return {
    /** Live when the emulator starts. */
    live: make("Live"),
    first: make("First"),
    second: make("Second"),
    /** Set by somebody else. */
    outside: make("Outside"),
  };
}

/** Who logs in where an administrator does. */
export const administrator = { accountName: "boss", password: "Boss-of-it-all-1" };

export function accountsFile(of: readonly Row[]): AccountsFile {
  const tencentcloud: Record<string, AccountRecord[]> = {};
  const servicecomb: AccountRecord[] = [];
  for (const row of of) {
    const record = { ...accountOf(row), password: passwordsOf(row).live };
    if (row.call.list === "servicecomb") {
      servicecomb.push(record);
      const { projectId = "", engineId = "" } = accountOf(row);
      if (row.call.by === "administrator's login")
        servicecomb.push({ ...administrator, projectId, engineId, roles: ["admin"] });
    } else (tencentcloud[row.call.list] ??= []).push(record);
  }
  return { tencentcloud, huaweicloud: { servicecomb } };
}

/** The row's faults, for its account alone; IAM does not know the account. */
export function faultsOf(row: Row): Fault[] {
  const { service, action } = row.call;
  if (row.outcome.fault === undefined) return [];
  const account = service === "iam" ? {} : { account: instanceOf(row) };
  return [{ service, action, ...account, ...row.outcome.fault }];
}

/** What the answer to an earlier change of the row got lost by. */
export function faultOfChange(row: Row): Fault {
  return {
    service: "cse",
    action: "ChangeAccountPassword",
    account: instanceOf(row),
    ...after("reset"),
  };
}

/** What a provider needs to use an emulator, and the credentials for the engine of each row. */
export async function environmentOf(
  of: readonly Row[],
  emulator: { readonly url: string; readonly environment: Readonly<Record<string, string>> },
  url: string,
): Promise<Record<string, string>> {
  const environment = Object.fromEntries(
    Object.entries(emulator.environment).map(([name, value]) => [
      name,
      value === emulator.url ? url : value,
    ]),
  );
  // With it there would be one login for all engines.
  delete environment["ACCOUNT_PASSWORDS_EMULATOR"];
  for (const row of of) Object.assign(environment, await engineVariables(row, emulator.url, url));
  return environment;
}

async function engineVariables(
  row: Row,
  emulator: string,
  url: string,
): Promise<Record<string, string>> {
  if (row.call.list !== "servicecomb") return {};
  const end = `_ROW_${row.n}`;
  const endpoint = { [`SERVICECOMB_ENGINE_ENDPOINT${end}`]: url };
  const login = (name: string, password: string) => ({
    ...endpoint,
    [`SERVICECOMB_RBAC_ACCOUNT${end}`]: name,
    [`SERVICECOMB_RBAC_PASSWORD${end}`]: password,
  });
  switch (row.call.by) {
    case "own token":
      return { ...endpoint, [`SERVICECOMB_RBAC_TOKEN${end}`]: await tokenOf(row, emulator) };
    case "own login":
      return login("alice", passwordsOf(row).live);
    case "administrator's login":
      return login(administrator.accountName, administrator.password);
    default:
      return endpoint;
  }
}

/** A token that the row's account got before all changes: it stays valid. */
async function tokenOf(row: Row, emulator: string): Promise<string> {
  const body = JSON.stringify({ name: "alice", password: passwordsOf(row).live });
  const headers = { "X-Engine-Id": String(accountOf(row)["engineId"]) };
  const answer = await fetch(`${emulator}/v4/token`, { method: "POST", headers, body });
  return ((await answer.json()) as { token: string }).token;
}

/** Whether the vendor's answer ends the change: else it is tried again while there is time. */
export function isAnswered({ outcome }: Row): boolean {
  return outcome.left === "confirmed" || outcome.what === "refused";
}

/** The program's arguments. */
export function programOf(row: Row, password: string, timeoutSeconds: number) {
  const { live } = passwordsOf(row);
  return {
    ...accountOf(row),
    password,
    ...(row.call.currentGiven ? { currentPassword: live } : {}),
    timeoutSeconds,
  };
}
