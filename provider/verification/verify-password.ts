import type { Account, AccountService, CallContext } from "../account-service";
import { Deadline } from "../deadline";
import { assertEngineLives } from "../engine-watch";
import { isLoopbackHost } from "../loopback";
import { addressOf, inconclusive } from "./verification";
import type { Verdict, Verifier, Verify } from "./verification";

/** A replica may learn of a new password some time after the vendor's answer. */
const defaultTimeoutSeconds = 30;
const longestAttemptMs = 10_000;
/**
 * Pauses before the repeats, as parts of the time. There are few, for a server may count wrong
 * passwords, and shut the account out for everybody.
 */
const pauses = [0.15, 0.7];

export interface PasswordVerification {
  readonly service: AccountService;
  readonly account: Account;
  readonly password: string;
  readonly verify: Verify;
  readonly context: Omit<CallContext, "deadline">;
  /** Whether a refused login is repeated for `timeoutSeconds`. */
  readonly patient: boolean;
}

/** Never throws: what was changed before it must not be lost over it. */
export async function verifyPassword(verification: PasswordVerification): Promise<Verdict> {
  const { service, verify } = verification;
  const { verifier } = service;
  if (verifier === undefined) return inconclusive("there is no login for this kind of account");
  if (isOutsideOfRehearsal(verification))
    return inconclusive(
      `${addressOf(verify)} is not this machine, and a rehearsal (ACCOUNT_PASSWORDS_EMULATOR) logs in nowhere else`,
    );
  try {
    return await logIn(verification, verifier);
  } catch {
    return inconclusive("the login failed in a way that it should not");
  }
}

async function logIn(
  { account, password, verify, context, patient }: PasswordVerification,
  verifier: Verifier,
): Promise<Verdict> {
  const seconds = verify.timeoutSeconds ?? defaultTimeoutSeconds;
  const deadline = new Deadline(seconds);
  const attempt = async () => {
    await assertEngineLives();
    const limit = new Deadline(Math.min(longestAttemptMs, deadline.remainingMs()) / 1000);
    return verifier.logIn(account, password, verify, { ...context, deadline: limit });
  };
  let verdict = await attempt();
  for (const pause of patient && verifier.onlyOnce !== true ? pauses : []) {
    if (verdict.kind !== "refused" || !(await deadline.wait(pause * seconds * 1000))) break;
    verdict = await attempt();
  }
  return verdict;
}

/** A rehearsal's passwords are no business of any other server. */
function isOutsideOfRehearsal({ verify, context }: PasswordVerification): boolean {
  return (
    context.settings.emulator !== undefined &&
    verify.host !== undefined &&
    !isLoopbackHost(addressOf(verify))
  );
}
