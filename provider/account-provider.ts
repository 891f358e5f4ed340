/** The engine's six questions, answered for one kind of account. */
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { describe, idOf, nameOf } from "./account-service";
import type { Account, AccountService, CallContext, Presence } from "./account-service";
import { changePassword } from "./change-password";
import type { ChangeResult } from "./change-password";
import { checkInputs } from "./check-inputs";
import { Deadline } from "./deadline";
import { driftSeen, loginSeen } from "./drift";
import { watchEngine } from "./engine-watch";
import { AccountPasswordError, InitializationFailure } from "./errors";
import { changesOfThisRun } from "./changes-of-this-run";
import { changeFailed, changeImpossible, changeUnsettled, verificationRefused } from "./explain";
import { redact } from "./redact";
import { forgottenPasswords } from "./forgotten-passwords";
import { inform, warn } from "./report";
import { isUnknown } from "./secret";
import { isLoopbackHost } from "./loopback";
import { settings } from "./settings";
import type { Configuration } from "./settings";
import { accountOf, inputsOf, noDrift, wire } from "./state";
import type { Inputs, Outputs, Status } from "./state";
import { triedPasswords, triesOf, withTry } from "./tried-passwords";
import type { TriedPasswords } from "./tried-passwords";
import type { Verdict } from "./verification/verification";
import { verifyPassword } from "./verification/verify-password";
import { wrongTries } from "./wrong-tries";

/** Ids of accounts that this run declares: what is deleted and declared again is not lost. */
const declaredIds = new Set<string>();
/** Passwords that accounts of this run were adopted with, as long as nothing has confirmed them. */
const adoptedPasswords = new Map<string, string>();

export class AccountPasswordProvider implements pulumi.dynamic.ResourceProvider {
  #config: Configuration = () => undefined;

  constructor(private readonly service: AccountService) {}

  /** The host answers the next call before this has ended, so nothing is awaited here. */
  configure(request: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.#config = (key) => request.config.get(key);
    watchEngine();
    return Promise.resolve();
  }

  check(olds: Inputs, news: Inputs): Promise<pulumi.dynamic.CheckResult> {
    const { inputs, failures, warnings, id } = checkInputs(this.service, olds, news, this.settings);
    if (id !== undefined) declaredIds.add(id);
    warnings.forEach(warn);
    return Promise.resolve({ inputs: wire(inputs), failures });
  }

  diff(id: string, olds: Outputs, news: Inputs): Promise<pulumi.dynamic.DiffResult> {
    const { service } = this;
    const account = accountOf(service, olds);
    this.noteState(account, olds);
    this.assertSameKindOfEndpoint(account, olds);
    if (olds.status === "adopted" && olds.password !== undefined)
      adoptedPasswords.set(id, olds.password);
    const replaces = service.identity.filter((name) => olds[name] !== news[name]);
    if (olds.status === "unknown") {
      const subject = describe(service, account);
      const since = olds.unknownSince === undefined ? "" : ` since ${olds.unknownSince}`;
      // Without any that may be live nothing can be lost: then it may have been a wrong identity.
      const holdsLive = (olds.pendingPasswords ?? []).length > 0;
      if (holdsLive && replaces.some((name) => !isUnknown(news[name])))
        throw new AccountPasswordError(
          "OUTCOME_UNKNOWN",
          `Cannot put another account in the place of ${subject}: which of its passwords is live is unknown${since}; nothing was sent; finish the interrupted change first: set ${replaces.join(", ")} back and run \`pulumi up\``,
        );
      inform(
        holdsLive
          ? `${subject}: a change of its password was interrupted and its outcome is unknown${since}; the next update finishes it`
          : `${subject}: which password is live is unknown${since}; the next update tries those that it is given`,
      );
    }
    const verifiesAgain = olds.verification === "refused" && news.verify !== undefined;
    if (verifiesAgain)
      inform(
        `${describe(service, account)}: the last login with its password was refused; the next update logs in again`,
      );
    // Whether anything else changed is left to the engine: so the preview shows which inputs.
    return Promise.resolve({ replaces, ...(verifiesAgain ? { changes: true } : {}) });
  }

  async create(inputs: Inputs): Promise<pulumi.dynamic.CreateResult> {
    const { service } = this;
    const account = accountOf(service, inputs);
    const id = idOf(service, account);
    this.assertCheckpoints(account);
    const { host } = service.endpoint(account, this.settings);
    const { password = "", currentPassword } = inputs;
    if (password === currentPassword) {
      adoptedPasswords.set(id, password);
      this.noteState(account, { password });
      const outs = await this.verified(id, account, { ...inputs, ...adopted, endpoint: host });
      return { id, outs };
    }
    const outs = await this.change(id, account, inputs, undefined);
    return { id, outs };
  }

  async update(id: string, olds: Outputs, news: Inputs): Promise<pulumi.dynamic.UpdateResult> {
    const { service } = this;
    const account = accountOf(service, news);
    this.noteState(account, olds);
    this.assertCheckpoints(account);
    this.assertSameKindOfEndpoint(account, olds);
    const needsCall =
      news.password !== olds.password ||
      olds.status === "unknown" ||
      (olds.drift ?? noDrift) !== noDrift;
    if (needsCall) return { outs: await this.change(id, account, news, olds) };
    const { host } = service.endpoint(account, this.settings);
    const untried =
      service.needsCurrent !== undefined && newlyGiven(news, olds).newlyGiven !== undefined;
    const outputs = { ...kept(olds), ...news, ...stillUntried(untried), endpoint: host };
    return {
      outs: isVerified(news, olds)
        ? wire({ ...outputs, ...keptVerification(news, olds) })
        : await this.verified(id, account, outputs, { before: olds }),
    };
  }

  async read(id: string, props: Outputs): Promise<pulumi.dynamic.ReadResult> {
    const { service } = this;
    const account = accountOf(service, props);
    this.noteState(account, props);
    this.assertSameKindOfEndpoint(account, props);
    if (props.status === "unknown") {
      // The engine forgets a failed update at a refresh: this keeps the next `up` from "unchanged".
      const drift = `outcome unknown since ${props.unknownSince ?? "an earlier run"}`;
      return this.readResult(id, props, { ...props, drift });
    }
    const presence = await service.lookUp(account, this.context(props)).catch(withoutCredentials);
    if (presence.kind === "accountGone") {
      warn(
        `${describe(service, account)} does not exist any more: its instance is there and does not list it; the state forgets it`,
      );
      return {};
    }
    const seen = driftSeen(props, presence, service.modificationTimeOf);
    this.warnOfSeen(account, props, presence, seen);
    const proved = await this.verifiedOnRefresh(account, { ...props, ...seen });
    return this.readResult(id, props, { ...props, ...seen, ...proved });
  }

  delete(id: string, props: Outputs): Promise<void> {
    const { service } = this;
    const account = accountOf(service, props);
    const subject = describe(service, account);
    const pending = props.pendingPasswords ?? [];
    const forgetUnknown = this.settings.env("ACCOUNT_PASSWORDS_FORGET_UNKNOWN") === "1";
    if (pending.length > 0 && !declaredIds.has(id) && !forgetUnknown)
      throw new AccountPasswordError(
        "OUTCOME_UNKNOWN",
        `Cannot forget the password of ${subject}: which one is live is unknown since ${props.unknownSince}, and only the state holds those that may be; finish the interrupted change with \`pulumi up\` first, or read them with \`pulumi stack export --show-secrets\` and set ACCOUNT_PASSWORDS_FORGET_UNKNOWN=1`,
      );
    const adoptedPassword = adoptedPasswords.get(id);
    const knowsBetter = pending.length > 0 || adoptedPassword !== props.password;
    if (adoptedPassword !== undefined && knowsBetter)
      throw new AccountPasswordError(
        "ADOPTED_OTHER_PASSWORD",
        `Cannot forget the password of ${subject}: another resource has adopted the same account with a password that was never confirmed, and the live one may be the one to be forgotten; both stay in the state; if the resource was renamed or moved, give it its old name back, run \`pulumi up\`, and only then rename it, with the alias of its old name; if the adopted password is right, remove the other resource with \`pulumi state delete\``,
      );
    if (props.password !== undefined) forgottenPasswords.note(props.password, subject);
    inform(`${subject}: forgotten by the state, the account keeps its password`);
    return Promise.resolve();
  }

  private async change(
    id: string,
    account: Account,
    news: Inputs,
    olds: Outputs | undefined,
  ): Promise<Record<string, unknown>> {
    const { service } = this;
    const { password = "" } = news;
    const endpoint = service.endpoint(account, this.settings).host;
    const { currentUnknownAdvice } = service;
    const about = {
      name: describe(service, account),
      accountName: nameOf(service, account),
      currentUnknownAdvice,
    };
    const result = await changePassword({
      service,
      account,
      password,
      candidates: liveCandidates(news, olds),
      currentGiven: news.currentPassword !== undefined,
      ...newlyGiven(news, olds),
      resetWithoutCurrent: news.resetWithoutCurrent ?? true,
      before: {
        ...(olds?.password === undefined ? {} : { password: olds.password }),
        unknown: olds?.status === "unknown",
        pendingPasswords: olds?.pendingPasswords ?? [],
        ...triedPasswords(triesOf(olds ?? {})),
      },
      context: this.context(news),
    }).catch((error: unknown) => {
      throw error instanceof AccountPasswordError ? changeImpossible(about, error) : error;
    });
    switch (result.kind) {
      case "confirmed": {
        adoptedPasswords.delete(id);
        this.noteState(account, { password });
        await this.warnAfterChange(account, news);
        const changedAt = now();
        changesOfThisRun.note(changedAt);
        const outputs = {
          ...news,
          status: "confirmed" satisfies Status,
          changedAt,
          // It stands in clear in the state, and nobody can say what a vendor puts there.
          requestId: redact(result.requestId),
          revision: (olds?.revision ?? 0) + 1,
          drift: noDrift,
          endpoint,
          ...triedPasswords(triesOf(result)),
        } as Outputs;
        return this.verified(id, account, outputs, { before: olds, changedNow: true });
      }
      case "refused":
        throw changeFailed(about, result.failure, olds);
      case "unsettled": {
        const properties = unsettled(news, olds, result, endpoint);
        throw new InitializationFailure(
          changeUnsettled(about, result, properties, olds === undefined),
          id,
          wire({ ...properties, __provider: news["__provider"] }),
        );
      }
    }
  }

  /** The outputs, with what a login shows if `verify` asks for one. */
  private async verified(
    id: string,
    account: Account,
    outputs: Outputs,
    { before, changedNow = false }: { before?: Outputs | undefined; changedNow?: boolean } = {},
  ): Promise<Record<string, unknown>> {
    const { service } = this;
    const { verify, password } = outputs;
    if (verify === undefined || password === undefined) return wire(outputs);
    const verdict = await verifyPassword({
      service,
      account,
      password,
      verify,
      context: this.context(outputs),
      // Elsewhere nothing is on its way to a replica.
      patient: changedNow,
    });
    const name = describe(service, account);
    if (verdict.kind === "inconclusive")
      warn(
        `${name}: not verified by a login: ${verdict.says}${changedNow ? "; the vendor has confirmed the change" : ""}`,
      );
    const properties = { ...outputs, ...recorded(verdict, outputs, before, changedNow) };
    if (verdict.kind !== "refused") return wire(properties);
    const about = { name, accountName: nameOf(service, account) };
    throw new InitializationFailure(
      verificationRefused(about, verdict.says, outputs, changedNow),
      id,
      wire({ ...properties, __provider: outputs["__provider"] }),
    );
  }

  /** Only where `verify` asks for that too, and once. */
  private async verifiedOnRefresh(account: Account, props: Outputs): Promise<Outputs> {
    const { service } = this;
    const { verify, password } = props;
    if (verify?.onRefresh !== true || password === undefined) return {};
    const verdict = await verifyPassword({
      service,
      account,
      password,
      verify,
      context: this.context(props),
      patient: false,
    });
    const subject = describe(service, account);
    const seen = loginSeen(props, verdict, now());
    if (verdict.kind === "inconclusive")
      warn(`${subject}: not verified by a login: ${verdict.says}`);
    if (verdict.kind === "refused")
      warn(
        `${subject}: the login with its password is refused: ${verdict.says}; the next update ${(seen.drift ?? noDrift) === noDrift ? "logs in again" : "sets the declared password again"}`,
      );
    return { ...seen, ...triedBy(verdict, props) };
  }

  /** Briefly: the change is done, and only this run knows it. */
  private async warnAfterChange(account: Account, news: Inputs): Promise<void> {
    const context = { ...this.context(news), deadline: new Deadline(secondsForWarnings) };
    await this.service.warnAfterChange?.(account, context).catch(() => undefined);
  }

  private warnOfSeen(
    account: Account,
    before: Outputs,
    presence: Presence,
    { drift = noDrift }: Outputs,
  ): void {
    const subject = describe(this.service, account);
    if (presence.kind === "instanceNotFound")
      warn(
        `${subject}: its instance was not found; with a wrong key, region or profile it looks the same, so the state is kept; check those, or remove the resource from the program`,
      );
    if (presence.kind === "unreadable" && presence.says !== undefined)
      warn(`${subject}: could not be read, so the state is kept as it is: ${presence.says}`);
    if (presence.kind === "present" && drift !== noDrift && drift !== before.drift)
      warn(`${subject}: ${drift}; the next update sets the declared password again`);
  }

  private readResult(id: string, before: Outputs, now: Outputs): pulumi.dynamic.ReadResult {
    // The engine's own inputs are as good as these, but for a drift, and after a change that was
    // confirmed and whose login was refused: of a failed update it keeps the inputs before it, and
    // would find nothing to do for a program that goes back to those.
    const quiet = [before, now].every(
      ({ drift = noDrift, verification }) => drift === noDrift && verification !== "refused",
    );
    return {
      id,
      props: wire(now),
      ...(quiet ? {} : { inputs: wire(inputsOf(now)) }),
    };
  }

  private noteState(account: Account, state: Outputs): void {
    this.service.noteState?.(account, {
      // While unknown, the newest of the pending ones is likeliest to be live.
      password: state.pendingPasswords?.[0] ?? state.password,
      ...triedPasswords(triesOf(state)),
    });
  }

  private get settings() {
    return settings(this.#config);
  }

  private context(inputs: Inputs): CallContext {
    return {
      settings: this.settings,
      profile: inputs.profile,
      deadline: new Deadline(inputs.timeoutSeconds ?? this.service.timeoutSeconds),
    };
  }

  /** Without checkpoints a killed run leaves the live password nowhere. */
  private assertCheckpoints(account: Account): void {
    const { env } = this.settings;
    if (!/^(1|t|true)$/i.test(env("PULUMI_SKIP_CHECKPOINTS") ?? "")) return;
    if (env("ACCOUNT_PASSWORDS_ALLOW_SKIPPED_CHECKPOINTS") === "1") return;
    throw new AccountPasswordError(
      "CHECKPOINTS_SKIPPED",
      `Cannot set the password of ${describe(this.service, account)}: with PULUMI_SKIP_CHECKPOINTS the engine saves nothing between its steps, and an interrupted run would lose the live password; nothing was sent; unset it, or set ACCOUNT_PASSWORDS_ALLOW_SKIPPED_CHECKPOINTS=1 to take that risk`,
    );
  }

  /** A rehearsal's state in production, or production's in a rehearsal, would lose passwords. */
  private assertSameKindOfEndpoint(account: Account, olds: Outputs): void {
    if (olds.endpoint === undefined) return;
    const { host, loopback } = this.service.endpoint(account, this.settings);
    if (isLoopbackHost(olds.endpoint) === loopback) return;
    throw new AccountPasswordError(
      "ENDPOINT_CHANGED",
      `Cannot go on with ${describe(this.service, account)}: the state belongs to ${olds.endpoint}, and the endpoint is now ${host}; nothing was sent; use a stack of its own for the emulator, and unset ACCOUNT_PASSWORDS_EMULATOR and the endpoint variables for the cloud`,
    );
  }
}

/** A change that is done waits no longer for what is only worth a warning. */
const secondsForWarnings = 5;

const adopted: Outputs = {
  status: "adopted",
  changedAt: "",
  requestId: "",
  revision: 0,
  drift: noDrift,
};

/** Passwords that may be live, likeliest first. Why each: see the comments. */
function liveCandidates(news: Inputs, olds: Outputs | undefined): string[] {
  const current = news.currentPassword;
  const candidates = [
    // The user has just said so.
    newlyGiven(news, olds).newlyGiven,
    // What may have been set since the last confirmation, and what was confirmed.
    ...(olds?.status === "unknown" ? (olds.pendingPasswords ?? []) : []),
    olds?.password,
    // What the generator has drawn, of which a killed run may have set any.
    ...(news.candidates ?? []),
    ...(olds?.candidates ?? []),
    // What was live before all of this.
    current,
  ];
  return [...new Set(candidates.filter((one): one is string => one !== undefined && one !== ""))];
}

/** The `currentPassword` that the state did not have yet, or that no run has tried yet. */
function newlyGiven(news: Inputs, olds: Outputs | undefined): { newlyGiven?: string } {
  const { currentPassword } = news;
  const known = olds !== undefined && currentPassword === olds.currentPassword;
  const tried = known && olds.currentPasswordUntried !== true;
  return tried || currentPassword === undefined ? {} : { newlyGiven: currentPassword };
}

function stillUntried(untried: boolean): Outputs {
  return untried ? { currentPasswordUntried: true } : {};
}

/** Whether no login is wanted, or one with this password at this server was let in. */
function isVerified({ verify }: Inputs, olds: Outputs): boolean {
  if (verify === undefined) return true;
  return olds.verification === "accepted" && isDeepStrictEqual(verify, olds.verify);
}

function keptVerification({ verify }: Inputs, olds: Outputs | undefined): Outputs {
  const { verification, verifiedAt } = olds ?? {};
  return verify === undefined ? {} : ({ verification, verifiedAt } as Outputs);
}

/** What is recorded of a login. */
function recorded(
  verdict: Verdict,
  outputs: Outputs,
  before: Outputs | undefined,
  changedNow: boolean,
): Outputs {
  if (verdict.kind === "accepted") return { verification: "accepted", verifiedAt: now() };
  // A refusal is not forgotten because nobody could ask again.
  const stillRefused = !changedNow && before?.verification === "refused";
  return {
    verification: stillRefused ? "refused" : verdict.kind,
    ...(before?.verifiedAt === undefined ? {} : { verifiedAt: before.verifiedAt }),
    ...triedBy(verdict, outputs),
  };
}

/**
 * With the login's try, where wrong ones count: for the pause alone. The password is not noted as a
 * refused one, for it is the one that the vendor has confirmed.
 */
function triedBy(verdict: Verdict, outputs: Outputs): TriedPasswords {
  if (verdict.kind === "accepted" || verdict.mayCount !== true) return {};
  const at = wrongTries.now();
  return triedPasswords(withTry(triesOf(outputs), { account: "", at, password: "" }));
}

/** What an update without a call keeps of the outputs. */
function kept(olds: Outputs): Outputs {
  const { status, changedAt, requestId, revision, vendorModifiedAt } = olds;
  const tries = triedPasswords(triesOf(olds));
  return { status, changedAt, requestId, revision, vendorModifiedAt, ...tries } as Outputs;
}

function unsettled(
  news: Inputs,
  olds: Outputs | undefined,
  result: Extract<ChangeResult, { kind: "unsettled" }>,
  endpoint: string,
): Outputs {
  const { pendingPasswords, failure } = result;
  const { password: _wanted, ...inputs } = news;
  const unknown = pendingPasswords.length > 0 || olds === undefined || olds.status === "unknown";
  const outputs = {
    ...inputs,
    password: olds?.password,
    status: unknown ? "unknown" : olds.status,
    ...(unknown ? { pendingPasswords, unknownSince: olds?.unknownSince ?? now() } : {}),
    taskId: failure.taskId,
    ...triedPasswords(triesOf(result)),
    ...stillUntried(result.stillNewlyGiven === true),
    changedAt: olds?.changedAt ?? "",
    requestId: olds?.requestId ?? "",
    revision: olds?.revision ?? 0,
    drift: olds?.drift ?? noDrift,
    vendorModifiedAt: olds?.vendorModifiedAt,
    ...keptVerification(news, olds),
    endpoint,
  };
  return outputs as Outputs;
}

/** A refresh without credentials learns as little as one with wrong ones. */
function withoutCredentials(error: unknown): Presence {
  if (error instanceof AccountPasswordError && error.code === "CREDENTIALS_MISSING")
    return { kind: "unreadable", says: error.text };
  throw error;
}

function now(): string {
  return new Date().toISOString();
}
