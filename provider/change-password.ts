/**
 * How a password is changed so that the account is never lost: which passwords are tried as the old
 * one, what is sent again, and what may be said afterwards.
 *
 * The rule behind all of it: once anything is unknown, only a confirmation ends that.
 */
import { describe, nameOf } from "./account-service";
import type { Account, AccountService, CallContext } from "./account-service";
import { backoffMs } from "./deadline";
import { AccountPasswordError } from "./errors";
import { done } from "./outcome";
import type { Answer, Failure } from "./outcome";
import { oneAtATime } from "./rate-limit";
import { inform, warn } from "./report";
import { triedPasswords, triesOf, withTry } from "./tried-passwords";
import type { TriedPasswords, Tries } from "./tried-passwords";
import { pause, wrongTries } from "./wrong-tries";

export interface PasswordChange {
  readonly service: AccountService;
  readonly account: Account;
  /** The password that the account is to have. */
  readonly password: string;
  /** Passwords that may be live now, likeliest first. */
  readonly candidates: readonly string[];
  /** Whether the program gave `currentPassword`. */
  readonly currentGiven: boolean;
  /** What it gave, where the state did not have it: the user has just said that it is live. */
  readonly newlyGiven?: string;
  /** Whether the vendor's call without the old password may be used as the last resort. */
  readonly resetWithoutCurrent: boolean;
  readonly before: Before;
  readonly context: CallContext;
}

/** What the state says before the change. */
export interface Before extends TriedPasswords {
  /** The password that was confirmed last, if any. */
  readonly password?: string;
  /** Whether an earlier change is still unknown. */
  readonly unknown: boolean;
  /** Newest first. */
  readonly pendingPasswords: readonly string[];
}

export type ChangeResult =
  /** With the tries of other accounts that are too young to be forgotten. */
  | ({ readonly kind: "confirmed"; readonly requestId: string } & TriedPasswords)
  /** Nothing happened, and nothing is unknown: the state stays as it is. */
  | { readonly kind: "refused"; readonly failure: Failure }
  /** What has to be remembered for the next run. */
  | ({
      readonly kind: "unsettled";
      readonly failure: Failure;
      /** Every value whose outcome is unknown, newest first. */
      readonly pendingPasswords: readonly string[];
      /** The one that was {@link PasswordChange.newlyGiven} still is: this run has not tried it. */
      readonly stillNewlyGiven?: true;
    } & TriedPasswords);

/** A vague or unlisted answer is not worth more than this many sends of the same value. */
const fewSends = 3;

export async function changePassword(change: PasswordChange): Promise<ChangeResult> {
  const progress = new Progress(change);
  try {
    return await inTheVendorsWay(change, progress);
  } catch (error) {
    // Whatever it is (credentials that are gone by now), it must not hide what was lost before it.
    if (!progress.lostAnswers) throw error;
    const { secondsBetweenWrongTries } = change.service;
    return progress.remember(
      mishap(error),
      secondsBetweenWrongTries === undefined ? undefined : "",
    );
  }
}

async function inTheVendorsWay(change: PasswordChange, progress: Progress): Promise<ChangeResult> {
  const needsCurrent = await isCurrentNeeded(change);
  if (needsCurrent.outcome !== "done") return progress.end(needsCurrent);
  if (!needsCurrent.value) return reset(change, progress);
  return change.service.secondsBetweenWrongTries === undefined
    ? tryAllCandidates(change, progress)
    : tryOneCandidate(change, progress);
}

/** Nothing has been sent that could change a password: it is asked as often as there is time. */
async function isCurrentNeeded(change: PasswordChange): Promise<Answer<boolean>> {
  const { service, account, context, currentGiven: currentPassword } = change;
  if (service.needsCurrent === undefined) return done(false);
  for (let asked = 1; ; asked++) {
    const answer = await service.needsCurrent(account, context, { currentPassword });
    const again = answer.outcome === "tryAgain";
    if (!again || !(await context.deadline.wait(backoffMs(asked - 1)))) return answer;
  }
}

/** What has become unknown so far, and what follows from it at the end. */
class Progress {
  #pending: readonly string[];
  /** The account's own. */
  #refused: readonly string[];
  readonly #tries: readonly Tries[];
  #stillNewlyGiven: boolean;
  /** Whether an answer of this run was lost. */
  lostAnswers = false;

  constructor(private readonly change: PasswordChange) {
    this.#pending = change.before.pendingPasswords;
    this.#stillNewlyGiven =
      change.service.needsCurrent !== undefined && change.newlyGiven !== undefined;
    // The user has just said that this one is live: that counts until it is refused again.
    this.#tries = triesOf(change.before);
    const own = this.#tries.find(isOwn)?.refused ?? [];
    this.#refused = own.filter((one) => one !== change.newlyGiven);
  }

  get refused(): readonly string[] {
    return this.#refused;
  }

  get anythingUnknown(): boolean {
    return this.change.before.unknown || this.#pending.length > 0;
  }

  noteUnknown(): void {
    this.lostAnswers = true;
    // The one that was on its way is likelier now.
    this.#stillNewlyGiven = false;
    const { password } = this.change;
    this.#pending = [password, ...this.#pending.filter((pending) => pending !== password)];
    // Whatever refused it before, by now it may be live.
    this.#refused = this.#refused.filter((refused) => refused !== password);
  }

  /** What became of a try with this one as the old password. */
  noteTried(currentPassword: string, answer: Answer<void>): void {
    // Of a login that got no answer nothing is known.
    const isWrong = answer.outcome === "wrongOldPassword" && answer.triedPassword !== "";
    if (isWrong && currentPassword === this.change.newlyGiven) this.#stillNewlyGiven = false;
  }

  /** It has turned out that nothing of this run can have had an effect. */
  forgetUnknown(): void {
    this.lostAnswers = false;
    this.#pending = this.change.before.pendingPasswords;
  }

  end(answer: Answer<unknown>): ChangeResult {
    if (answer.outcome === "done")
      return { kind: "confirmed", requestId: answer.requestId, ...this.#triesOfOthers() };
    // A wrong try that an engine has counted must be known to the next run.
    if (answer.triedPassword !== undefined) return this.remember(answer, answer.triedPassword);
    return this.anythingUnknown ? this.remember(answer) : { kind: "refused", failure: answer };
  }

  /** @param tried The password of a wrong try; empty: one whose password is not known to be wrong. */
  remember(failure: Failure, tried?: string): ChangeResult {
    const before = this.#tries.map((each) =>
      isOwn(each) ? { ...each, refused: this.#refused } : each,
    );
    const account = failure.triedAccount ?? "";
    const tries =
      tried === undefined
        ? before
        : withTry(before, { account, at: wrongTries.now(), password: tried });
    return {
      kind: "unsettled",
      failure,
      pendingPasswords: this.#pending,
      ...(this.#stillNewlyGiven ? { stillNewlyGiven: true } : {}),
      ...triedPasswords(tries),
    };
  }

  /** The change says nothing of their passwords: a pause stays one, unless they were let in. */
  #triesOfOthers(): TriedPasswords {
    const { service, account: own } = this.change;
    return triedPasswords(
      this.#tries.filter(
        (tries) =>
          !isOwn(tries) &&
          pause(Date.parse(tries.at), tries.account) !== undefined &&
          !service.wasAccepted?.(own, tries.account),
      ),
    );
  }
}

/** The old password is not needed: the same value may be sent as often as there is time. */
async function reset(change: PasswordChange, progress: Progress): Promise<ChangeResult> {
  const { service, account, password, context } = change;
  const answer = await untilAnswered(change, progress, () =>
    service.setPassword(account, { password }, context),
  );
  return progress.end(answer);
}

/** The old password is needed, and wrong ones cost nothing. */
async function tryAllCandidates(change: PasswordChange, progress: Progress): Promise<ChangeResult> {
  const { service, account, password, candidates, context } = change;
  // The wanted one last: a killed run may have set it. After an unknown send it is found there too.
  for (const currentPassword of new Set([...candidates, password])) {
    const answer = await untilAnswered(change, progress, () =>
      service.setPassword(account, { password, currentPassword }, context),
    );
    progress.noteTried(currentPassword, answer);
    if (answer.outcome !== "wrongOldPassword") return progress.end(answer);
  }
  if (service.resetPassword === undefined || !change.resetWithoutCurrent)
    return progress.remember(noCandidateLeft);
  const answer = await untilAnswered(
    change,
    progress,
    async () => (await service.resetPassword?.(account, password, context)) ?? noCandidateLeft,
  );
  // Without an old password in the call, only the new one can be meant.
  if (answer.outcome === "done" && candidates.length > 0)
    warn(
      `${describe(service, account)}: none of the passwords that were given or saved was the live one; it was set without, by the vendor's reset (resetWithoutCurrent: false forbids that)`,
    );
  return progress.end(
    answer.outcome === "wrongOldPassword" ? { ...answer, ...newPasswordRefused } : answer,
  );
}

/**
 * The old password is needed, and wrong ones lock the account: one try in this run, and none soon
 * after a wrong one.
 */
async function tryOneCandidate(change: PasswordChange, progress: Progress): Promise<ChangeResult> {
  const { service, account, password, candidates, before, context } = change;
  // A try with the login account's password is no try of this one.
  const triedAt = triesOf(before).find(isOwn)?.at ?? "";
  const wait = pause(Date.parse(triedAt), nameOf(service, account));
  if (wait !== undefined) return progress.remember(wait);
  const refused = new Set(progress.refused);
  // Where nothing else is known, what the program logs in with: it is about to be tried anyway.
  const known = candidates.length > 0 ? candidates : [service.ownLogin?.(account, context)];
  // Whether the wanted one is live only a login can tell: without one it is passed over.
  const canLogIn = service.canLogIn?.(account, context) ?? service.login !== undefined;
  const olds = canLogIn ? known : known.filter((candidate) => candidate !== password);
  const current = [...olds, password].find(
    (candidate): candidate is string => candidate !== undefined && !refused.has(candidate),
  );
  if (current === undefined) return progress.remember(noCandidateLeft);

  if (current === password) {
    // Given as current *and* new it would be refused before it is looked at, which proves nothing.
    const answer = await untilAnswered(
      change,
      progress,
      async () => (await service.login?.(account, password, context)) ?? noCandidateLeft,
    );
    progress.noteTried(current, answer);
    return answer.outcome === "refused"
      ? progress.remember(answer)
      : progress.end(asCandidate(answer));
  }
  const answer = await untilAnswered(
    change,
    progress,
    () => service.setPassword(account, { password, currentPassword: current }, context),
    { repeatUnknown: false },
  );
  progress.noteTried(current, answer);
  // If the answer is lost, so is whether the engine has counted a wrong password.
  return answer.outcome === "unknown"
    ? progress.remember(answer, "")
    : progress.end(asCandidate(answer));
}

function isOwn({ account }: Tries): boolean {
  return account === "";
}

/**
 * Whether a login or the change refused it: at fault is the password that was tried, not a
 * credential.
 */
function asCandidate(answer: Answer<void>): Answer<void> {
  return answer.outcome !== "done" && answer.triedPassword
    ? { ...answer, code: "CURRENT_PASSWORD_UNKNOWN" }
    : answer;
}

/** Sends until the answer is certain, the time is over, or a repeat makes no sense. */
async function untilAnswered(
  change: PasswordChange,
  progress: Progress,
  attempt: () => Promise<Answer<void>>,
  { repeatUnknown = true } = {},
): Promise<Answer<void>> {
  const { service, account, context } = change;
  const instance = `${service.type} ${account[service.instanceArgument]}`;
  for (let sends = 1; ; sends++) {
    const answer = await oneAtATime(instance, attempt);
    if (answer.outcome === "unknown") {
      const isFirst = !progress.lostAnswers;
      progress.noteUnknown();
      if (isFirst && (await isGone(change, answer))) {
        progress.forgetUnknown();
        return { ...answer, ...accountGone };
      }
    }
    const again =
      answer.outcome === "tryAgain" ||
      (answer.outcome === "unknown" && repeatUnknown && worthRepeating(answer, sends));
    // Once in a run for all accounts: otherwise it is silent for minutes.
    if (again && answer.code === "NETWORK")
      inform(`${answer.says}: trying again, as long as timeoutSeconds allow`);
    if (!again || !(await context.deadline.wait(backoffMs(sends - 1)))) return answer;
  }
}

function worthRepeating({ repeat = "budget" }: Failure, sends: number): boolean {
  return repeat === "budget" || (repeat === "few" && sends < fewSends);
}

/**
 * Some vendors have no code for an account that is not there: they answer that the operation
 * failed. Where a listing says that there is no such account, there is no password to be lost.
 */
async function isGone({ service, account, context, before }: PasswordChange, answer: Failure) {
  if (!answer.vendor?.vendorCode || before.unknown) return false;
  return (await service.lookUp(account, context)).kind === "accountGone";
}

function mishap(error: unknown): Failure {
  const code = error instanceof AccountPasswordError ? error.code : "INTERNAL";
  return {
    outcome: "unknown",
    code: "OUTCOME_UNKNOWN",
    says: `an answer was lost, and the next step failed (${code})`,
  };
}

const accountGone = {
  outcome: "refused",
  code: "NOT_FOUND",
  says: "the account does not exist",
} as const;

const newPasswordRefused = {
  outcome: "refused",
  code: "PASSWORD_REJECTED",
  says: "the vendor refused the new password by its rules",
} as const;

const noCandidateLeft: Failure = {
  outcome: "refused",
  code: "CURRENT_PASSWORD_UNKNOWN",
  says: "none of the known passwords is the live one, or the new one breaks a rule of the vendor",
};
