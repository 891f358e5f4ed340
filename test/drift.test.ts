import { driftSeen, present } from "../provider/drift";

const morning = "2026-03-01 08:00:00";
const noon = "2026-03-01 12:00:00";
const evening = "2026-03-01 18:00:00";

describe("present()", () => {
  test.each([
    "2026-03-01 08:00:00",
    "2026-03-01T08:00:00+08:00",
    "2026-03-01T00:00:00Z",
    "1795395022",
  ])("keeps %p as the vendor wrote it", (modifiedAt) =>
    expect(present(modifiedAt)).toEqual({ kind: "present", modifiedAt }),
  );

  test.each([
    ...["", "0000-00-00 00:00:00", "0", "0001-01-01T00:00:00Z", "-"],
    ...[undefined, null, 0, 1795395022, {}, []],
    ...["Canary+app1x9", "2026-03-01 08:00:00 Canary", "2026".repeat(11)],
  ])("takes %p for no time", (modifiedAt) =>
    expect(present(modifiedAt)).toEqual({ kind: "present" }),
  );
});

describe("driftSeen()", () => {
  const changed = `changed outside on ${noon}`;
  const unknown = "outcome unknown since 2026-03-01T12:00:00.000Z";
  const notFound = "instance not found";
  const baseline = { vendorModifiedAt: morning };

  test.each([
    ["the first time is the baseline", {}, noon, { drift: "none", vendorModifiedAt: noon }],
    ["no time is none", {}, "", { drift: "none" }],
    ["the same time is no change", baseline, morning, { drift: "none" }],
    ["another time is a change outside", baseline, noon, { drift: changed }],
    ["no time any more says nothing", baseline, "0000-00-00 00:00:00", { drift: "none" }],
    // Somebody may have put the clock back, or restored a backup.
    ["an earlier one too", { vendorModifiedAt: evening }, noon, { drift: changed }],
    ["it stays when the time goes back", { ...baseline, drift: changed }, morning, {}],
    ["it stays when the time moves on", { ...baseline, drift: changed }, evening, {}],
    ["it stays without a baseline", { drift: changed }, noon, {}],
    ["an unknown outcome stays", { ...baseline, drift: unknown }, noon, {}],
    ["a visible instance is found", { drift: notFound }, "", { drift: "none" }],
    ["and may have been changed", { ...baseline, drift: notFound }, noon, { drift: changed }],
    ["or not", { ...baseline, drift: notFound }, morning, { drift: "none" }],
  ])("%s", (_what, before, modifiedAt, after) => {
    expect(
      driftSeen({ drift: "none", ...before }, present(modifiedAt) as never, "password"),
    ).toEqual(after);
  });

  test("says less where other edits move the time too", () => {
    const before = { drift: "none", ...baseline };
    expect(driftSeen(before, { kind: "present", modifiedAt: noon }, "account")).toEqual({
      drift: `account modified outside on ${noon}, perhaps the password`,
    });
  });

  test("an instance that is not found hides no change that was found before", () => {
    const notThere = { kind: "instanceNotFound" } as const;
    expect(driftSeen({ drift: "none", ...baseline }, notThere, "password")).toEqual({
      drift: notFound,
    });
    expect(driftSeen({ drift: changed, ...baseline }, notThere, "password")).toEqual({
      drift: changed,
    });
  });

  test("what could not be read changes nothing", () => {
    for (const drift of ["none", changed, notFound])
      expect(driftSeen({ drift, ...baseline }, { kind: "unreadable" }, "password")).toEqual({});
  });
});
