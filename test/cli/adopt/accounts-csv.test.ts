import { parseAccountsCsv } from "../../../cli/adopt/accounts-csv";

const now = Date.parse("2026-06-01T00:00:00Z");
const header =
  "type,name,region,registryId,accountName,instanceId,userName,host,projectId,engineId,generatedAt";
const rows = (...lines: string[]) => parseAccountsCsv([header, ...lines].join("\n"), now);
const problemsOf = (csv: string) => parseAccountsCsv(csv, now).problems;

test("parseAccountsCsv() reads accounts of all five types, in any order of columns", () => {
  const csv = `generatedAt,host,userName,instanceId,engineId,projectId,accountName,registryId,region,name,type
,,,,,,tcr$robot,tcr-1,,robot,TcrServiceAccountPassword
2026-01-31,10.%,app,tdsql-1,,,,,eu-frankfurt,app,tencentcloud:MariadbAccountPassword
2026-01-31T12:00:00Z,,app,postgres-1,,,,,,orders,TENCENTCLOUD.POSTGRESQLACCOUNTPASSWORD
,,,crs-1,,,,,,cache,redis
,,,,engine-1,p1,alice,,cn-north-4,alice,servicecombaccountpassword
`;
  const { accounts, problems } = parseAccountsCsv(csv, now);
  expect(problems).toEqual([]);
  expect(accounts.map(({ service, ...account }) => ({ type: service.type, ...account }))).toEqual([
    {
      type: "tencentcloud:TcrServiceAccountPassword",
      name: "robot",
      identity: [
        ["registryId", "tcr-1"],
        ["accountName", "robot"],
      ],
    },
    {
      type: "tencentcloud:MariadbAccountPassword",
      name: "app",
      identity: [
        ["region", "eu-frankfurt"],
        ["instanceId", "tdsql-1"],
        ["userName", "app"],
        ["host", "10.%"],
      ],
      generatedAt: "2026-01-31",
    },
    {
      type: "tencentcloud:PostgresqlAccountPassword",
      name: "orders",
      identity: [
        ["instanceId", "postgres-1"],
        ["userName", "app"],
      ],
      generatedAt: "2026-01-31T12:00:00Z",
    },
    {
      type: "tencentcloud:RedisInstancePassword",
      name: "cache",
      identity: [["instanceId", "crs-1"]],
    },
    {
      type: "huaweicloud:ServicecombAccountPassword",
      name: "alice",
      identity: [
        ["region", "cn-north-4"],
        ["projectId", "p1"],
        ["engineId", "engine-1"],
        ["accountName", "alice"],
      ],
    },
  ]);
});

test("parseAccountsCsv() takes names of columns in any case, empty lines, and empty columns at the end", () => {
  const csv = ' Type ,NAME,"instanceid",,\r\nredis,a,crs-1,,\r\n,,,,\r\n\r\nredis,b,crs-2,,\r\n';
  const { accounts, problems } = parseAccountsCsv(csv, now);
  expect(problems).toEqual([]);
  expect(accounts.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("parseAccountsCsv() tells everything that is wrong at once, each with its line and column", () => {
  const { problems } = rows(
    "kafka,a,,,,,,,,,",
    ",b,,,,,,,,,",
    "redis,c,,,,,,,,,",
    "redis,,,,,crs-1,,,,,31.01.2026",
    "redis,d,,,,crs-2,,%,,,2026-06-02",
    "mariadb,d,,,,tdsql-1,,,,,2026-02-30",
    "redis,e,,,,crs-2,,,,,",
    "redis,f,,,,crs-4,,,",
    'redis,"g\nh",,,,"crs-2",,,,,',
  );
  const types =
    "tencentcloud:TcrServiceAccountPassword, tencentcloud:MariadbAccountPassword, tencentcloud:PostgresqlAccountPassword, tencentcloud:RedisInstancePassword, huaweicloud:ServicecombAccountPassword";
  const date =
    "must be a date, such as 2026-01-31, or an ISO time in UTC, such as 2026-01-31T12:00:00Z";
  expect(problems).toEqual([
    `line 2, column type: no such type as "kafka"; there are ${types}`,
    `line 3, column type: empty; there are ${types}`,
    "line 4, column instanceId: empty, and RedisInstancePassword needs it",
    "line 5, column name: empty; it is to be the name of the Pulumi resource",
    `line 5, column generatedAt: ${date}`,
    "line 6, column generatedAt: must not be in the future",
    "line 6, column host: RedisInstancePassword has no such argument; leave it empty",
    'line 7, column name: "d" is the name in line 6, too',
    `line 7, column generatedAt: ${date}`,
    "line 7, column userName: empty, and MariadbAccountPassword needs it",
    "line 7, column host: empty, and MariadbAccountPassword needs it",
    "line 8, column instanceId: the same account as in line 6",
    "line 9: 9 cells, and the header has 11: a cell with a comma in it stands in quotation marks",
    "line 11, column instanceId: the same account as in line 6",
  ]);
});

test("parseAccountsCsv() knows one account in two spellings, and two hosts as two accounts", () => {
  const { problems } = rows(
    "tcr,a,,tcr-1,robot,,,,,,",
    "tcr,b,,tcr-1,tcr$robot,,,,,,",
    "tcr,c,,tcr-2,robot,,,,,,",
    "mariadb,d,,,,tdsql-1,app,%,,,",
    "mariadb,e,,,,tdsql-1,app,10.%,,,",
  );
  expect(problems).toEqual(["line 3, column accountName: the same account as in line 2"]);
});

test.each([["password"], ["currentPassword"], ["Secret"], ["db_pwd"]])(
  "parseAccountsCsv() refuses a column %s, and quotes no cell",
  (column) => {
    const problems = problemsOf(`type,name,instanceId,${column}\nrdis,a,crs-1,Pass"word1\n`);
    expect(problems).toEqual([expect.stringMatching(`^line \\d, column `)]);
    const clean = problemsOf(`type,name,instanceId,${column}\nPassword1,Password1,,Password1\n`);
    expect(clean).toEqual([
      `line 1, column "${column}": passwords do not belong into this file: they are set by the commands that are printed; take the column out, and delete the copies of the file that had it`,
    ]);
    expect(problems.join()).not.toContain("word1");
  },
);

test.each([
  ["", "line 1: no column type and name: the first line names the columns"],
  ["\n\n", "line 1: no column type and name: the first line names the columns"],
  ["redis,cache,crs-1,x8Z-Password1\n", "line 1, column 4: passwords do not belong into this file"],
  ["redis,cache,crs-1,x8Z-word1\n", "line 1: no column type and name: the first line"],
  ["type;name;instanceId\nredis;a;crs-1\n", "line 1: no column type and name: the first line"],
  ["type,instanceId\n", "line 1: no column name: the first line names the columns, separated by"],
  ["type,name,instanceId\n\n", "line 1: no account below the header"],
  ["type,name,instance\u001b\nx", 'line 1, column "instance\\u001b": no such column; there are t'],
  ["type,name,instanceId,NAME\nx", "line 1, column name: stands there twice"],
  ["type,name,instanceId,\nredis,a,crs-1,x", "line 2, column 4: the column has no name"],
  ['type,name,instanceId\nredis,a,"crs-1\n', "line 2, column 3: a quotation mark is not closed"],
])("parseAccountsCsv(%j): %s", (csv, problem) => {
  const problems = problemsOf(csv);
  expect(problems[0]).toContain(problem);
  expect(problems.join()).not.toContain("x8Z");
});
