import { table } from "../../../cli/report/table";
import { account, fiveOfEachKind, generated, many } from "./exports";
import { makeReport } from "./make-report";

const long = {
  type: "huaweicloud:ServicecombAccountPassword",
  identity: {
    region: "cn-north-4",
    projectId: "0123456789abcdef0123456789abcdef",
    engineId: "engine-1",
    accountName: "alice",
  },
  outputs: { requestId: "cc29de9e-123a-4801-8110-3df04d13bfe4" },
};

test("five accounts, the summary, and what to run", () => {
  expect(table(makeReport(fiveOfEachKind(), { maxAge: "95d" }), 120)).toBe(
    `Stack shop/dev

SERVICE  ACCOUNT                   STATUS     REV   AGE  NEXT DUE     LAST ROTATION             REQUEST
Redis    ap-guangzhou/crs-lost     unknown      1   10d  2026-07-27   first                     request-lost
Redis    ap-guangzhou/crs-outside  drift        1   10d                                         request-outside
Redis    ap-guangzhou/crs-late     confirmed    1  102d  overdue 12d  keeper "release" changed  request-late
Redis    ap-guangzhou/crs-soon     confirmed    1   85d  in 5d        first                     request-soon
Redis    ap-guangzhou/crs-well     confirmed    2   20d  2026-07-10   age 90 days               request-well

5 accounts: 1 unknown, 1 drift, 1 overdue, 1 older than 95d, 1 due within 7 days
unknown, interrupted: \`pulumi up\` finishes the change. What stays interrupted after it: \`pulumi refresh --clear-pending-creates\`
drift: \`pulumi up\` sets the declared password again
overdue: \`pulumi up\` rotates, within its window if it has one
`,
  );
});

test.each([80, 120])("300 accounts: aligned, no line of more than %i characters", (width) => {
  const lines = table(makeReport([...many(300), account("long", long)]), width).split("\n");
  const rows = lines.slice(2, lines.indexOf("", 3));
  expect(rows).toHaveLength(302);
  const status = rows[0]!.indexOf("STATUS");
  for (const row of rows) {
    expect([...row].length).toBeLessThanOrEqual(width);
    expect(row.slice(status)).toMatch(/^(STATUS|unknown|confirmed) /);
  }
  // The end of a name tells it from others.
  expect(rows.some((row) => / \S+…\S+\/alice +confirmed/.test(row))).toBe(true);
});

test("where there is room nothing is cut", () => {
  const text = table(makeReport([account("long", long)]), 200);
  expect(text).toContain("cn-north-4/0123456789abcdef0123456789abcdef/engine-1/alice");
  expect(text).toContain("cc29de9e-123a-4801-8110-3df04d13bfe4");
});

test("no name moves the cursor, ends a line or turns the text", () => {
  const nasty = "crs-\u001b[2J\r\n\u009b31m\u202eevil\u0000";
  const identity = { region: "ap-guangzhou", instanceId: nasty };
  const keeper = { reason: `keeper "\u001b[8m" changed`, due: 80 };
  const text = table(makeReport(generated("one", keeper, { identity })), 120);
  expect(text).toContain("evil");
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text.split("\n")).toHaveLength(7);
});

test("an identity that the program made secret is not shown", () => {
  const identity = { region: "ap-guangzhou", instanceId: { secret: true } };
  expect(table(makeReport([account("one", { identity })]), 120)).toContain(" ap-guangzhou/? ");
});

test("without accounts there is the summary alone", () => {
  expect(table(makeReport([]), 120)).toBe("0 accounts\n");
});
