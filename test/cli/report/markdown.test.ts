import { markdown } from "../../../cli/report/markdown";
import { account, fiveOfEachKind, generated } from "./exports";
import { makeReport } from "./make-report";

test("a table, the summary above, what to run below", () => {
  const text = markdown(makeReport(fiveOfEachKind()));
  expect(text.split("\n").slice(0, 8)).toEqual([
    "**Account passwords of <code>shop/dev</code>**",
    "",
    "5 accounts: 1 unknown, 1 drift, 1 overdue, 1 due within 7 days",
    "",
    "| Service | Account | Status | Rev | Age | Next due | Last rotation | Request |",
    "| --- | --- | --- | ---: | ---: | --- | --- | --- |",
    "| Redis | <code>ap-guangzhou/crs-lost</code> | unknown | 1 | 10d | 2026-07-27 | <code>first</code> | <code>request-lost</code> |",
    "| Redis | <code>ap-guangzhou/crs-outside</code> | drift | 1 | 10d |  |  | <code>request-outside</code> |",
  ]);
  expect(text).toContain('| overdue 12d | <code>keeper "release" changed</code> |');
  expect(text).toMatch(/\n\n- unknown, interrupted: `pulumi up` .*\n- drift: .*\n- overdue: .*\n$/);
});

test("names stand for themselves: no cell, tag, mention, link or line of their own", () => {
  const instanceId =
    "a|b\\|c\n| d <script>alert(1)</script> @everyone #1 `x` [y](https://evil.example) www.evil.example _z_ a_b *w* &amp;";
  const identity = { region: "ap-guangzhou", instanceId };
  const text = markdown(makeReport(generated("one", { due: 80 }, { identity })));
  const row = text.split("\n")[6]!;
  // Eight cells, whatever the names hold.
  expect(row.split(/(?<!\\)\|/)).toHaveLength(10);
  expect(row).toContain("a\\|b&#92;\\|c\uFFFD\\| d &#60;script>alert(1)&#60;/script>");
  expect(row).toContain(
    "&#64;everyone &#35;1 &#96;x&#96; &#91;y&#93;(https&#58;//evil.example) www&#46;evil.example &#95;z&#95; a_b &#42;w&#42; &#38;amp;",
  );
});

test("without accounts there is no table", () => {
  expect(markdown(makeReport([]))).toBe("**Account passwords**\n\n0 accounts\n");
  expect(markdown(makeReport([account("one")]))).toContain("1 account: nothing needs attention");
});
