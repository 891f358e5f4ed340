/**
 * Requests that carry a password which an engine may find wrong and count: a login, and an
 * account's change of its own password. Three lock the account for 15 minutes, so before each of
 * them the states and this machine's journal are asked whether one was risked just before.
 */
import type { CallContext } from "../account-service";
import type { Answer, Failure } from "../outcome";
import { tryJournal } from "../try-journal";
import { accountKey, pause, wrongTries } from "../wrong-tries";
import { cseEndpoint, engineEndpoint } from "./credentials";
import type { ServicecombAccount } from "./rbac-token";

/** The password that an engine has accepted last in this process, by engine and account. */
const accepted = new Map<string, string>();

export function noteAccepted({ engineId, accountName }: ServicecombAccount, password: string) {
  accepted.set(accountKey(engineId, accountName), password);
}

/** Whether this process has been let in as that account. */
export function wasAccepted({ engineId }: ServicecombAccount, accountName: string): boolean {
  return accepted.has(accountKey(engineId, accountName));
}

/**
 * Sends it, unless that has to wait (`ACCOUNT_LOCKED`).
 *
 * @param account Whose password it is.
 * @param request Sends it once.
 * @returns Its answer, with `triedPassword` where the engine may have counted it.
 */
export async function tryOnce<T>(
  account: ServicecombAccount,
  password: string,
  context: CallContext,
  request: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const { engineId, accountName } = account;
  const key = accountKey(engineId, accountName);
  const journal = journalOf(account, context);
  // It was right a moment ago: that is no risk, and a killed run leaves no pause behind.
  const isProven = accepted.get(key) === password;
  if (!isProven) {
    const toWait =
      wrongTries.pauseOf(key, accountName) ??
      pause(
        journal?.begin(wrongTries.now(), (at) => pause(at, accountName) !== undefined),
        accountName,
      );
    if (toWait !== undefined) return toWait;
  }

  const answer = await request();
  if (answer.outcome === "done") noteAccepted(account, password);
  if (answer.outcome === "done" || !mayHaveCounted(answer)) {
    if (!isProven) journal?.end();
    return answer;
  }
  const triedPassword = answer.outcome === "wrongOldPassword" ? password : "";
  if (isProven && triedPassword !== "") {
    accepted.delete(key);
    journal?.begin(wrongTries.now(), () => false);
  }
  wrongTries.note(key, wrongTries.now(), triedPassword === "" ? [] : [triedPassword]);
  return { ...answer, triedPassword };
}

/** What got no answer may have been a wrong try as well. */
function mayHaveCounted({ outcome, code }: Failure): boolean {
  return outcome === "wrongOldPassword" || outcome === "unknown" || code === "ACCOUNT_LOCKED";
}

/** None for the emulator: its clock can be moved, and a rehearsal is not to wait. */
function journalOf(
  { engineId, accountName, region }: ServicecombAccount,
  { settings }: CallContext,
) {
  if (settings.emulator !== undefined) return undefined;
  const { host } = engineEndpoint(settings, engineId) ?? cseEndpoint(settings, region);
  return tryJournal(host, engineId, accountName);
}
