import { Deadline } from "../../provider/deadline";
import type { Presence } from "../../provider/account-service";
import type { Answer, Failure } from "../../provider/outcome";
import { done } from "../../provider/outcome";
import { services } from "../../provider/services";
import { settings } from "../../provider/settings";
import type { CallContext } from "../../provider/tencentcloud/api";
import {
  itemsOf,
  lookForAccount,
  mayBeNoInstance,
  read,
  readPages,
  unlisted,
  unreadable,
} from "../../provider/tencentcloud/reading";
import type { AccountSearch, Item, ReadRequest } from "../../provider/tencentcloud/reading";
import { closedPort, startHttpServer } from "../servers";

const request: ReadRequest = {
  service: "postgres",
  action: "DescribeAccounts",
  version: "2017-03-12",
  region: "ap-guangzhou",
  body: { DBInstanceId: "postgres-1" },
  perSecond: 1000,
};

/** Each test is a caller of its own, so that none waits for another's turn. */
let callers = 0;

function context(url: string, seconds = 20): CallContext {
  const env = {
    TENCENTCLOUD_SECRET_ID: `id-${++callers}`,
    TENCENTCLOUD_SECRET_KEY: "k",
    TENCENTCLOUD_ENDPOINT: url,
  };
  return {
    settings: settings(() => undefined, env),
    profile: undefined,
    deadline: new Deadline(seconds),
  };
}

const success = { Response: { RequestId: "r-1" } };
const failure = (Code: string) => ({ Response: { Error: { Code }, RequestId: "r-1" } });
const reset = Symbol("reset");

/** A server that gives these answers one after another, the last one for ever. */
function startAnswering(...answers: readonly unknown[]) {
  let given = 0;
  return startHttpServer((_request, response) => {
    const answer = answers[Math.min(given++, answers.length - 1)];
    if (answer === reset) response.socket?.resetAndDestroy();
    else response.end(JSON.stringify(answer));
  });
}

// No test waits as long as a user would: the pauses between two reads are random anyway.
beforeEach(() => void jest.spyOn(Math, "random").mockReturnValue(0.001));
afterEach(() => jest.restoreAllMocks());

describe("read", () => {
  test.each<[string, unknown[], string, number]>([
    ["done at once", [success], "done", 1],
    ["done after a lost answer", [reset, success], "done", 2],
    ["done after the rate limit", [failure("RequestLimitExceeded"), success], "done", 2],
    ["done after an internal error", [failure("InternalError"), success], "done", 2],
    ["done after an undocumented code", [failure("New.Code"), success], "done", 2],
    ["refused at once", [failure("UnauthorizedOperation"), success], "refused", 1],
    ["unknown after four lost answers", [reset], "unknown", 4],
    ["worth another try after the fourth", [failure("RequestLimitExceeded")], "tryAgain", 4],
  ])("is %s", async (_what, answers, outcome, reads) => {
    const server = await startAnswering(...answers);
    expect(await read(request, context(server.url))).toMatchObject({ outcome });
    expect(server.requests).toHaveLength(reads);
  });

  test("is not repeated when there is no time for it", async () => {
    jest.spyOn(Math, "random").mockReturnValue(0.999);
    const server = await startAnswering(failure("InternalError"));
    expect(await read(request, context(server.url, 0.4))).toMatchObject({ outcome: "unknown" });
    expect(server.requests).toHaveLength(1);
  });

  test("is tried again without a connection", async () => {
    const from = context(`http://127.0.0.1:${await closedPort()}`);
    expect(await read(request, from)).toMatchObject({ outcome: "tryAgain", code: "NETWORK" });
  });

  test("understands an action's own codes", async () => {
    const server = await startAnswering(failure("ResourceNotFound.Own"));
    const codes = {
      "ResourceNotFound.Own": { outcome: "refused", code: "NOT_FOUND", says: "no" },
    } as const;
    expect(await read({ ...request, codes }, context(server.url))).toMatchObject({
      outcome: "refused",
      code: "NOT_FOUND",
    });
  });
});

describe("readPages", () => {
  /** A listing of so many items, in pages of what is asked for. */
  function startListing(count: number, more: object = {}) {
    return startHttpServer(({ body }, response) => {
      const { Limit, Offset } = JSON.parse(body) as { Limit: number; Offset: number };
      const all = Array.from({ length: count }, (_item, index) => ({ UserName: `user-${index}` }));
      const Details = all.slice(Offset, Offset + Limit);
      const Response = { Details, TotalCount: Details.length, RequestId: "r-1", ...more };
      response.end(JSON.stringify({ Response }));
    });
  }

  test.each([
    [0, 1],
    [1, 1],
    [99, 1],
    [100, 2],
    [101, 2],
    [250, 3],
  ])("reads all %i items in %i pages, and trusts no total", async (count, pages) => {
    const server = await startListing(count);
    const answer = await readPages(request, "Details", context(server.url));
    if (answer.outcome !== "done") throw new Error(answer.says);
    const names = answer.value.map((item) => item["UserName"]);
    expect(names).toEqual(Array.from({ length: count }, (_name, index) => `user-${index}`));
    expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
      Array.from({ length: pages }, (_page, index) => ({
        DBInstanceId: "postgres-1",
        Limit: 100,
        Offset: 100 * index,
      })),
    );
  });

  test("takes null for no items", async () => {
    const server = await startListing(0, { Details: null });
    const answer = await readPages(request, "Details", context(server.url));
    expect(answer).toEqual(done([], "r-1"));
  });

  test.each([undefined, {}, "none", 0, [null], [{ UserName: "a" }, "b"], [["a"]]])(
    "takes items %p for no listing",
    async (Details) => {
      const server = await startListing(0, { Details });
      expect(await readPages(request, "Details", context(server.url))).toBe(unlisted);
    },
  );

  test("is no listing when one of its pages cannot be read", async () => {
    const page = Array.from({ length: 100 }, () => ({ UserName: "a" }));
    const server = await startAnswering(
      { Response: { Details: page, RequestId: "r-1" } },
      failure("UnauthorizedOperation"),
    );
    expect(await readPages(request, "Details", context(server.url))).toMatchObject({
      outcome: "refused",
      code: "PERMISSION_DENIED",
    });
  });

  test("ends with the time where a vendor never ends", async () => {
    const page = Array.from({ length: 100 }, () => ({ UserName: "a" }));
    const server = await startAnswering({ Response: { Details: page, RequestId: "r-1" } });
    const answer = await readPages(request, "Details", context(server.url, 0.5));
    expect(answer.outcome).not.toBe("done");
  });
});

test.each<[unknown, unknown]>([
  [[], []],
  [null, []],
  [[{ a: 1 }], [{ a: 1 }]],
  [undefined, undefined],
  ["text", undefined],
  [{ length: 0 }, undefined],
  [[1], undefined],
])("itemsOf() finds in %p %p", (Items, expected) => {
  expect(itemsOf({ Items }, "Items")).toEqual(expected);
});

describe("what a failed read means for a refresh", () => {
  const denied: Failure = { outcome: "refused", code: "PERMISSION_DENIED", says: "no" };

  test("unreadable() names the permission that is missing, and the vendor's reference", () => {
    const vendor = { vendorCode: "UnauthorizedOperation", requestId: "r-1" };
    expect(unreadable({ ...denied, vendor }, request)).toEqual({
      kind: "unreadable",
      says: "the credentials lack the permission postgres:DescribeAccounts (UnauthorizedOperation, r-1)",
    });
  });

  test("unreadable() otherwise says what went wrong where", () => {
    const lost: Failure = { outcome: "unknown", code: "OUTCOME_UNKNOWN", says: "no answer" };
    expect(unreadable({ ...lost, vendor: { requestId: "" } }, request)).toEqual({
      kind: "unreadable",
      says: "DescribeAccounts: no answer",
    });
  });

  test.each<[Partial<Failure>, boolean]>([
    [{ code: "NOT_FOUND" }, true],
    [{ code: "API_ERROR" }, true],
    [{ code: "PERMISSION_DENIED" }, false],
    [{ code: "AUTH_FAILED" }, false],
    [{ code: "TIMEOUT" }, false],
    [{ outcome: "unknown", code: "API_ERROR" }, false],
    [{ outcome: "tryAgain", code: "NETWORK" }, false],
  ])("mayBeNoInstance() of %p is %p", (part, expected) => {
    expect(mayBeNoInstance({ ...denied, ...part })).toBe(expected);
  });
});

describe("lookForAccount", () => {
  const accountsRequest = { service: "postgres", action: "DescribeAccounts" };
  const instanceRequest = { service: "postgres", action: "DescribeDBInstanceAttribute" };
  const refused: Failure = { outcome: "refused", code: "NOT_FOUND", says: "no such instance" };
  const denied: Failure = { outcome: "refused", code: "PERMISSION_DENIED", says: "no" };
  const lost: Failure = { outcome: "unknown", code: "OUTCOME_UNKNOWN", says: "no answer" };
  const working = done({ Status: 2 });
  const none = done<Item[]>([]);
  const others = done<Item[]>([{ Name: "other", Host: "%" }]);
  const wanted = done<Item[]>([
    { Name: "other", Host: "%" },
    { Name: "app", Host: "%", Note: "it" },
  ]);

  const time = "2026-03-01 08:00:00";
  const wantedAt = done<Item[]>([
    { Name: "app", Host: "10.%", Time: "2026-03-02 08:00:00" },
    { Name: "app", Host: "%", Time: time },
  ]);

  /** Gives the listings one after another. */
  async function look(
    listings: readonly Answer<readonly Item[]>[],
    instance: Answer<Item | undefined>,
    whenFound?: (item: Item) => void,
  ): Promise<[presence: Presence, listed: number]> {
    let listed = 0;
    const search: AccountSearch = {
      accounts: () => Promise.resolve(listings[listed++] ?? lost),
      accountsRequest,
      nameFields: ["Name", "Host"],
      isAccount: (item) => item["Name"] === "app" && item["Host"] === "%",
      modifiedAt: (item) => item["Time"],
      instance: () => Promise.resolve(instance),
      instanceRequest,
      statusField: "Status",
      workingStatuses: new Set<unknown>([2, "readonly"]),
    };
    return [await lookForAccount(search, whenFound), listed];
  }

  test("an account that is listed is present, and nothing more is asked", async () => {
    const found: Item[] = [];
    const instance = lost;
    expect(await look([wanted], instance, (item) => found.push(item))).toEqual([
      { kind: "present" },
      1,
    ]);
    expect(found).toEqual([{ Name: "app", Host: "%", Note: "it" }]);
  });

  test.each([
    ["no accounts", none, none],
    ["others", others, others],
    ["others, then none", others, none],
  ])("twice %s of an instance that works: the account is gone", async (_what, first, second) => {
    expect(await look([first, second], working)).toEqual([{ kind: "accountGone" }, 2]);
    expect(await look([first, second], done({ Status: "readonly" }))).toEqual([
      { kind: "accountGone" },
      2,
    ]);
  });

  test.each([
    ["the first listing", [wantedAt, others], 1],
    ["the second listing, shifted out of the first one's sight", [others, wantedAt], 2],
  ])("tells when an account in %s was modified", async (_where, listings, listed) => {
    expect(await look(listings, working)).toEqual([{ kind: "present", modifiedAt: time }, listed]);
  });

  test("an account that the second listing has was only shifted out of sight", async () => {
    expect(await look([others, wanted], working)).toEqual([{ kind: "present" }, 2]);
  });

  test.each([1, 5, -1, "2", "running", null, undefined])(
    "what an instance with status %p lists proves nothing",
    async (Status) => {
      const [presence, listed] = await look([others, others], done({ Status }));
      expect(presence).toEqual({
        kind: "unreadable",
        says: `the account is not listed, and the instance's status ${JSON.stringify(Status)} is not one in which that proves anything`,
      });
      expect(listed).toBe(1);
    },
  );

  test.each<[string, Item]>([
    ["no name", { Host: "%" }],
    ["a name that is no text", { Name: 1, Host: "%" }],
    ["no name and null", { Name: null, Host: "%" }],
    ["half a name", { Name: "app" }],
    ["nothing", {}],
  ])("an item with %s may be the account", async (_what, item) => {
    const doubtful = done([{ Name: "other", Host: "%" }, item]);
    for (const listings of [
      [doubtful, others],
      [others, doubtful],
    ]) {
      const [presence] = await look(listings, working);
      expect(presence).toEqual({
        kind: "unreadable",
        says: "DescribeAccounts: the listing is not one that the API documents",
      });
    }
    // What is listed beside it is there all the same.
    const beside = done([item, { Name: "app", Host: "%" }]);
    expect(await look([beside], working)).toEqual([{ kind: "present" }, 1]);
  });

  test.each([lost, denied, refused, unlisted])(
    "a second listing that fails (%j) leaves it open",
    async (failure) => {
      const [presence, listed] = await look([others, failure], working);
      expect(presence).toMatchObject({ kind: "unreadable" });
      expect(listed).toBe(2);
    },
  );

  test("a first listing that fails says nothing, but for a refusal that may be about the instance", async () => {
    for (const failure of [lost, denied, unlisted])
      expect(await look([failure], done(undefined))).toMatchObject([{ kind: "unreadable" }, 1]);
    expect(await look([refused], done(undefined))).toEqual([{ kind: "instanceNotFound" }, 1]);
    expect(await look([refused], refused)).toEqual([{ kind: "instanceNotFound" }, 1]);
    expect(await look([refused, others], working)).toEqual([
      { kind: "unreadable", says: "DescribeAccounts: no such instance" },
      1,
    ]);
  });

  test("an instance that is not visible is not found; one that cannot be read is unreadable", async () => {
    expect(await look([others, others], done(undefined))).toEqual([
      { kind: "instanceNotFound" },
      1,
    ]);
    expect(await look([others, others], refused)).toEqual([{ kind: "instanceNotFound" }, 1]);
    expect(await look([others, others], denied)).toEqual([
      {
        kind: "unreadable",
        says: "the credentials lack the permission postgres:DescribeDBInstanceAttribute",
      },
      1,
    ]);
    for (const failure of [lost, unlisted])
      expect(await look([others, others], failure)).toMatchObject([{ kind: "unreadable" }, 1]);
  });
});

describe("what each product's refresh takes for an account that is gone", () => {
  const products = [
    {
      type: "tencentcloud:TcrServiceAccountPassword",
      account: { region: "ap-guangzhou", registryId: "tcr-1", accountName: "robot" },
      listing: "DescribeServiceAccounts",
      list: (accounts: unknown) => ({ ServiceAccounts: accounts, TotalCount: 1 }),
      other: { Name: "tcr$other", Disable: false },
      own: { Name: "tcr$robot", Disable: false },
      timeField: "UpdateTime",
      names: ["Name"],
      instances: (items: object[]) => ({ Registries: items, TotalCount: items.length }),
      instance: { RegistryId: "tcr-1" },
      statusField: "Status",
      working: ["Running"],
      others: ["Isolate", "Deploying", "running", 2, undefined, null],
    },
    {
      type: "tencentcloud:MariadbAccountPassword",
      account: { region: "ap-guangzhou", instanceId: "tdsql-1", userName: "app", host: "%" },
      listing: "DescribeAccounts",
      list: (accounts: unknown) => ({ InstanceId: "tdsql-1", Users: accounts }),
      other: { UserName: "app", Host: "10.%" },
      own: { UserName: "app", Host: "%" },
      timeField: "UpdateTime",
      names: ["UserName", "Host"],
      instances: (items: object[]) => ({ Instances: items, TotalCount: items.length }),
      instance: { InstanceId: "tdsql-1" },
      statusField: "Status",
      working: [2],
      others: [0, 1, 3, 5, -1, -2, "2", "running", undefined, null],
    },
    {
      type: "tencentcloud:PostgresqlAccountPassword",
      account: { region: "ap-guangzhou", instanceId: "postgres-1", userName: "app" },
      listing: "DescribeAccounts",
      list: (accounts: unknown) => ({ Details: accounts, TotalCount: 1 }),
      other: { UserName: "other", Status: 2 },
      own: { UserName: "app" },
      timeField: "PasswordUpdateTime",
      names: ["UserName"],
      instances: ([item]: object[]) => ({ DBInstance: item ?? null }),
      instance: { DBInstanceId: "postgres-1" },
      statusField: "DBInstanceStatus",
      working: ["running", "readonly"],
      others: ["isolated", "job running", "Running", 2, undefined, null],
    },
  ];

  describe.each(products)("$type", (product) => {
    const { account, listing, list, other, own, names, instances, instance, statusField } = product;
    const visible = { ...instance, [statusField]: product.working[0] };

    /** Listings one after another, the last one for ever. */
    async function lookUp(listings: readonly unknown[], answer: object): Promise<Presence> {
      let given = 0;
      const server = await startHttpServer(({ headers }, response) => {
        const isListing = headers["x-tc-action"] === listing;
        const listed = isListing && listings[Math.min(given++, listings.length - 1)];
        const Response = { ...(isListing ? list(listed) : answer), RequestId: "r-1" };
        response.end(JSON.stringify({ Response }));
      });
      return services.get(product.type)!.lookUp(account, context(server.url));
    }

    test("a named listing of an instance that works, twice", async () => {
      for (const status of product.working) {
        const working = instances([{ ...instance, [statusField]: status }]);
        expect(await lookUp([[other]], working)).toEqual({ kind: "accountGone" });
        expect(await lookUp([[]], working)).toEqual({ kind: "accountGone" });
      }
      expect(await lookUp([[other], [other, own]], instances([visible]))).toEqual({
        kind: "present",
      });
      expect(await lookUp([[other, own]], {})).toEqual({ kind: "present" });
    });

    test("when the account was modified, in the vendor's own words, unless they say never", async () => {
      const times = { CreateTime: "2026-01-01 08:00:00", UpdateTime: "2026-02-01 08:00:00" };
      const modifiedAt = "2026-03-01 08:00:00";
      const { timeField } = product;
      const at = (value: unknown) =>
        lookUp(
          [
            [
              { ...other, ...times },
              { ...own, ...times, [timeField]: value },
            ],
          ],
          {},
        );
      expect(await at(modifiedAt)).toEqual({ kind: "present", modifiedAt });
      for (const never of ["", "0000-00-00 00:00:00", null])
        expect(await at(never)).toEqual({ kind: "present" });
    });

    test("not one of an instance with another status, or none", async () => {
      for (const status of product.others)
        expect(
          await lookUp([[other]], instances([{ ...instance, [statusField]: status }])),
        ).toMatchObject({ kind: "unreadable" });
    });

    test("not one that leaves out a part of a name", async () => {
      for (const name of names)
        for (const item of [
          { ...own, [name]: undefined },
          { ...own, [name]: null },
        ])
          expect(await lookUp([[other], [other, item]], instances([visible]))).toMatchObject({
            kind: "unreadable",
          });
    });

    test("nor one of no instance, or of another one", async () => {
      const someone = Object.fromEntries(Object.keys(instance).map((id) => [id, "someone's"]));
      for (const found of [[], [{ ...visible, ...someone }]])
        expect(await lookUp([[other]], instances(found))).toEqual({ kind: "instanceNotFound" });
    });
  });
});

test("PostgreSQL's time says nothing while the password is being reset", async () => {
  const account = { region: "ap-guangzhou", instanceId: "postgres-1", userName: "app" };
  const PasswordUpdateTime = "2026-03-01 08:00:00";
  for (const [Status, seen] of [
    [4, { kind: "present" }],
    [2, { kind: "present", modifiedAt: PasswordUpdateTime }],
  ] as const) {
    const Details = [{ UserName: "app", Status, PasswordUpdateTime }];
    const server = await startAnswering({ Response: { Details, RequestId: "r-1" } });
    const postgresql = services.get("tencentcloud:PostgresqlAccountPassword");
    expect(await postgresql?.lookUp(account, context(server.url))).toEqual(seen);
  }
});

describe("when a Redis instance's password was modified", () => {
  const account = { region: "ap-guangzhou", instanceId: "crs-1" };
  const time = "2026-03-01 08:00:00";
  const root = { AccountName: "root", Status: 2, PasswordLastModifiedTime: time };
  const others = (count: number) =>
    Array.from({ length: count }, (_other, index) => ({
      ...root,
      AccountName: `user-${index}`,
      PasswordLastModifiedTime: "2026-02-01 08:00:00",
    }));

  /** Pages of the accounts, or a failure. */
  async function lookUp(accounts: unknown): Promise<[presence: unknown, said: string]> {
    const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
    const server = await startHttpServer(({ headers, body }, response) => {
      const { Limit, Offset } = JSON.parse(body) as { Limit: number; Offset: number };
      const Accounts = Array.isArray(accounts) ? accounts.slice(Offset, Offset + Limit) : accounts;
      const listing = typeof accounts === "string" ? failure(accounts).Response : { Accounts };
      const instances = { InstanceSet: [{ InstanceId: "crs-1" }] };
      const isListing = headers["x-tc-action"] === "DescribeInstanceAccount";
      const Response = { TotalCount: 1, ...(isListing ? listing : instances), RequestId: "r-1" };
      response.end(JSON.stringify({ Response }));
    });
    const redis = services.get("tencentcloud:RedisInstancePassword");
    const presence = await redis?.lookUp(account, context(server.url));
    return [presence, said.mock.calls.flat().join("\n")];
  }

  test.each([
    ["alone", [root]],
    ["after others", [...others(3), root]],
    ["on the third page, whatever the total says", [...others(230), root]],
  ])("stands at the default account, %s", async (_where, accounts) => {
    expect(await lookUp(accounts)).toEqual([{ kind: "present", modifiedAt: time }, ""]);
  });

  test.each([
    ["of an old account", [{ ...root, PasswordLastModifiedTime: "" }]],
    ["while it is changing", [{ ...root, Status: 1 }]],
    ["without a default account", others(1)],
    ["without accounts", []],
    ["with null for none", null],
    ["where the vendor has not opened the action", "UnauthorizedOperation.UserNotInWhiteList"],
  ])("is not known %s, and that is no news", async (_where, accounts) => {
    expect(await lookUp(accounts)).toEqual([{ kind: "present" }, ""]);
  });

  test.each([
    [
      "a denied listing",
      "UnauthorizedOperation",
      /lack the permission redis:DescribeInstanceAccount/,
    ],
    ["a refused one", "InvalidParameter.InvalidParameter", /DescribeInstanceAccount: /],
    ["one that the API does not document", {}, /not one that the API documents/],
  ])("is a warning after %s; the instance is there all the same", async (_what, accounts, says) => {
    const [presence, said] = await lookUp(accounts);
    expect(presence).toEqual({ kind: "present" });
    expect(said).toMatch(/whether its password was changed outside could not be read/);
    expect(said).toMatch(says);
  });
});
