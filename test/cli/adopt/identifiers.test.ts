import * as fc from "fast-check";
import { identifiers } from "../../../cli/adopt/identifiers";

test.each([
  ["orders", "orders"],
  ["orders-db", "ordersDb"],
  ["Orders DB", "ordersDB"],
  ["orders_db", "orders_db"],
  ["tcr$robot", "tcrRobot"],
  ["a::b/c.d", "aBCD"],
  ["9lives", "account9lives"],
  ["-", "account"],
  ["*/ alert(1) //", "alert1"],
  ["x\ny", "xY"],
  ["größe", "größe"],
  ["gro\u0308ße", "größe"],
  ["订单-库", "订单库"],
  ["😀", "account"],
  ["default", "defaultAccount"],
  ["await", "awaitAccount"],
  ["Config", "configAccount"],
  ["pulumi", "pulumiAccount"],
  ["exports", "exportsAccount"],
  ["constructor", "constructor"],
  ["__proto__", "__proto__"],
])("identifiers([%j]) is %s", (name, identifier) => {
  expect(identifiers([name])).toEqual([identifier]);
});

test("identifiers() of names that look alike are numbered", () => {
  expect(identifiers(["a-b", "aB", "a b", "a.b2"])).toEqual(["aB", "aB2", "aB3", "aB22"]);
});

test("identifiers() leave room for the outputs' names", () => {
  expect(identifiers(["a", "aPassword", "aPassword2"])).toEqual(["a", "aPassword2", "aPassword22"]);
  expect(identifiers(["aPassword", "a"])).toEqual(["aPassword", "a2"]);
});

test("identifiers() are variables, none twice, whatever the names", () => {
  const name = fc.oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.constantFrom("a", "A", "a-", "aPassword", "if", "1", "ﬁ", "İ", "ǆ"),
  );
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 12 }), (names) => {
      const found = identifiers(names);
      const all = found.flatMap((each) => [each, `${each}Password`]);
      expect(found).toHaveLength(names.length);
      expect(new Set(all).size).toBe(all.length);
      // The language itself is asked.
      expect(() => new Function(`"use strict"; const ${all.join(" = 1, ")} = 1;`)).not.toThrow();
      for (const each of found) expect(each).toMatch(/^[\p{ID_Continue}]+$/u);
    }),
  );
});
