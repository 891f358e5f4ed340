/** What a state may say after a change, whatever became of it, and what it must say after a row's. */
import type { TestEmulator } from "./engine/emulator";
import { accountOf, type Outcome, passwordsOf, type Row } from "./outcome-matrix";
import type { Properties } from "./provider-host";

/** A change, as the vendor and the state saw it. */
export interface Change {
  readonly row: Row;
  /** The password that was wanted. */
  readonly sent: string;
  /** Outputs of before and after; none: no such resource. */
  readonly before: Properties | undefined;
  readonly after: Properties | undefined;
  /** How it failed, if it did: with a new state or with an error alone. */
  readonly failed: "partially" | "plainly" | undefined;
  readonly liveBefore: string;
  readonly live: string;
}

/** Passwords that the state says may be live. */
export function recordedIn(outputs: Properties | undefined): string[] {
  const { password, pendingPasswords } = outputs ?? {};
  return [password, ...((pendingPasswords as unknown[] | undefined) ?? [])].filter(
    (one): one is string => typeof one === "string",
  );
}

/** At every moment; the live password is asked for anew each time. */
export function expectLiveIsRecorded({ row, before, after, live, liveBefore }: Change): void {
  const recorded = recordedIn(after);
  // What the state never knew it cannot keep: then it is live as long as nothing else is. The same where the vendor has
  // accepted a change and its end may not be seen: that counts as confirmed.
  if (row.outcome.unseen || !recordedIn(before).includes(liveBefore)) recorded.push(liveBefore);
  expect(recorded).toContain(live);
}

/** Whatever the row says. */
export function expectTruth(change: Change): void {
  const { row, before, after, failed, sent, live, liveBefore } = change;
  expectLiveIsRecorded(change);
  switch (failed) {
    case undefined:
      expect(after).toMatchObject({ status: "confirmed", password: sent });
      if (!row.outcome.unseen) expect(live).toBe(sent);
      return;
    case "plainly":
      expect(after).toEqual(before);
      expect(live).toBe(liveBefore);
      return;
    case "partially":
      expect(after?.["password"]).toBe(before?.["password"]);
      if (live !== liveBefore) expect(after).toMatchObject({ status: "unknown" });
  }
}

const failedAs = {
  confirmed: undefined,
  refused: "plainly",
  unknown: "partially",
  tried: "partially",
} as const;

/** What the row says. */
export function expectLeft({ left, pause }: Outcome, change: Change): void {
  const { before, after = {}, failed, sent } = change;
  expect({ failed }).toEqual({ failed: failedAs[left] });
  // The test may have made an older one, of a run before this one, look long over.
  if (pause) expect(Date.now() - Date.parse(String(after["triedAt"]))).toBeLessThan(600_000);
  switch (left) {
    case "confirmed":
      return expectSettled(after, sent);
    case "refused":
      return;
    case "unknown":
      expect(after).toMatchObject({ status: "unknown", unknownSince: isoTime });
      expect((after["pendingPasswords"] as string[] | undefined)?.[0]).toBe(sent);
      return;
    case "tried":
      expect(after).toMatchObject({ status: before?.["status"] ?? "unknown" });
      expect(after["pendingPasswords"] ?? []).toEqual([]);
  }
}

/** Confirmed, and nothing is left of what was unknown before. */
export function expectSettled(outputs: Properties, password: string): void {
  expect(outputs).toMatchObject({ status: "confirmed", password, drift: "none" });
  for (const name of [
    "pendingPasswords",
    "unknownSince",
    "taskId",
    "triedAt",
    "triedAccount",
    "refusedPasswords",
    "earlierTriedAt",
    "earlierTriedAccounts",
    "earlierRefusedPasswords",
  ])
    expect(outputs).not.toHaveProperty(name);
}

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;

export function opens(row: Row, password: string, emulator: TestEmulator): Promise<boolean> {
  return emulator.login(row.call.type, accountOf(row), password);
}

/** Asked for by logins: which of the row's passwords it is. */
export async function liveOf(row: Row, emulator: TestEmulator): Promise<string> {
  for (const password of Object.values(passwordsOf(row)))
    if (await opens(row, password, emulator)) return password;
  return "another one";
}
