/**
 * What `refresh` concludes from what it sees of an account.
 *
 * No vendor tells a password, so a change outside shows only in the time of the last modification.
 * It is kept as the vendor wrote it and compared with nothing but itself: no clock and no time zone
 * matters. The first refresh after each change takes it as the baseline, for a vendor may write it
 * some time after its answer.
 */
import type { ModificationTimeOf, Presence } from "./account-service";
import { noDrift } from "./state";
import type { Outputs } from "./state";
import type { Verdict } from "./verification/verification";

const notFound = "instance not found";

/**
 * @param modifiedAt The vendor's text; what is empty, zero or no time at all says nothing. Only
 *   what times consist of gets into the state, where it stands in clear.
 */
export function present(modifiedAt: unknown): Presence {
  const isTime = typeof modifiedAt === "string" && /^[1-9][\d:TZ+. -]{7,39}$/.test(modifiedAt);
  return { kind: "present", ...(isTime ? { modifiedAt } : {}) };
}

/** What the outputs say from now on. What was found outside stays until a change is confirmed. */
export function driftSeen(
  { drift = noDrift, vendorModifiedAt: baseline }: Outputs,
  presence: Exclude<Presence, { kind: "accountGone" }>,
  timeOf: ModificationTimeOf,
): Pick<Outputs, "drift" | "vendorModifiedAt"> {
  switch (presence.kind) {
    case "unreadable":
      return {};
    case "instanceNotFound":
      return { drift: drift === noDrift ? notFound : drift };
    case "present": {
      const { modifiedAt } = presence;
      if (drift !== noDrift && drift !== notFound) return {};
      if (modifiedAt === undefined || modifiedAt === baseline) return { drift: noDrift };
      if (baseline === undefined) return { drift: noDrift, vendorModifiedAt: modifiedAt };
      return { drift: changedOutside[timeOf](modifiedAt) };
    }
  }
}

/**
 * What a login during a refresh says. A password that was let in before and is refused now was
 * changed outside. One that is let in again changes nothing: a refresh that finds nothing new shows
 * nothing.
 */
export function loginSeen(before: Outputs, verdict: Verdict, now: string): Outputs {
  const { drift = noDrift, verification } = before;
  switch (verdict.kind) {
    case "inconclusive":
      return {};
    case "accepted":
      return {
        ...(verification === "accepted" ? {} : { verification: "accepted", verifiedAt: now }),
        ...(drift.startsWith(loginRefused) ? { drift: noDrift } : {}),
      };
    case "refused":
      return {
        verification: "refused",
        drift: drift === noDrift && verification === "accepted" ? `${loginRefused} ${now}` : drift,
      };
  }
}

const loginRefused = "login refused on";

const changedOutside: Readonly<Record<ModificationTimeOf, (time: string) => string>> = {
  password: (time) => `changed outside on ${time}`,
  account: (time) => `account modified outside on ${time}, perhaps the password`,
};
