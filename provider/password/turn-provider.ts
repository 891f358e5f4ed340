/**
 * Whether one of two accounts that are used in turn takes the turn that is due: what the engine
 * asks of a `Turn`.
 *
 * The account that takes it must be the idle one, and the other one's change must have been
 * confirmed by an earlier run: consumers read the new credentials after a run, so until then they
 * still use the old ones. No other resource can know that. The other account's outputs say whether
 * it is confirmed, but only the state of this resource says which turns were taken before.
 */
import type * as pulumi from "@pulumi/pulumi";
import { changesOfThisRun } from "../changes-of-this-run";
import { inform } from "../report";
import { isUnknown } from "../secret";
import { unknown } from "./rotation-schedule";
import type { Unknown } from "./rotation-schedule";

type Properties = Readonly<Record<string, unknown>>;

/** What the program says of this run. In a preview each value may be unknown. */
export interface TurnInputs {
  /** The newest turn of this account that the schedule has called for. */
  readonly due: number | Unknown;
  /** The other account. Only given in this account's own turn: else its outcome is not known yet. */
  readonly other?: OtherAccount | Unknown;
}

interface OtherAccount {
  readonly turn: number | Unknown;
  readonly changedAt: string | Unknown;
  /** Whether the last login with its password was refused. */
  readonly refused?: boolean | Unknown;
}

/** What is stored. */
export interface TurnRecord {
  /** The last turn that this account has taken: the account with the higher one is active. */
  readonly turn: number | Unknown;
  /** The due turn that is dealt with, where it is not the same as `turn`. */
  readonly met?: number;
  /** The due turn that this account takes with the next run. */
  readonly waiting?: number;
}

/** Pure. @param last What the last run recorded; `undefined` for a new one. */
export function takeTurn(
  last: TurnRecord | undefined,
  { due, other }: TurnInputs,
  changedInThisRun: (changedAt: string) => boolean,
): TurnRecord {
  if (isUnknown(due) || typeof due !== "number") return { turn: unknown };
  // The first account begins with turn 1, the second with 0.
  if (last === undefined) return withMet({ turn: due % 2 }, due);
  // As dealt with before; or less, because the schedule was replaced and begins anew.
  if (due <= (last.met ?? Number(last.turn))) return withMet(last, due);
  const taken = withMet({ turn: Number(last.turn) + 2 }, due);
  if (other === undefined) return last.waiting === due ? taken : last;
  if (typeof other !== "object" || isUnknown(other.turn)) return { turn: unknown };
  // A turn that was finished so late that this one is due, too: it counts for both.
  if (Number(other.turn) < Number(last.turn)) return withMet(last, due);
  if (isUnknown(other.changedAt)) return { turn: unknown };
  // Consumers still use this one.
  if (other.refused === true) return last;
  return changedInThisRun(other.changedAt) ? { ...last, waiting: due } : taken;
}

function withMet({ turn }: TurnRecord, due: number): TurnRecord {
  return turn === due ? { turn } : { turn, met: due };
}

export function turnProvider(
  changedInThisRun = changesOfThisRun.has,
): pulumi.dynamic.ResourceProvider<Properties, Properties> {
  return {
    /** Stores the decision alone: what it was made of would only be noise in a preview. */
    async check(olds, news) {
      const { due, other, account } = news;
      const last = recorded(olds);
      const given = other === undefined || other === null ? {} : { other };
      const record = takeTurn(last, { due, ...given } as TurnInputs, changedInThisRun);
      if (record.waiting !== undefined && given.other !== undefined)
        inform(
          `Account ${JSON.stringify(account)}: its password changes with the next \`pulumi up\`, because the one used in turn with it was changed only now, and consumers have yet to take that up`,
        );
      // In the account's own turn only: it meets the other's turns as well.
      const counts = record.met === due && record.turn === last?.turn && record.met !== last.met;
      if (counts && given.other !== undefined)
        inform(
          `Account ${JSON.stringify(account)}: the rotation that is due counts as taken, because this account is the active one already: its last turn ended late, or the schedule was replaced; if a new password is needed now, change a keeper`,
        );
      const text = "__provider" in news ? { __provider: news["__provider"] } : {};
      return { inputs: { ...text, ...record } };
    },
    /** What is merely noted shows no update; the engine stores it all the same. */
    async diff(_id, olds, news) {
      return olds["turn"] === news["turn"] ? { changes: false } : {};
    },
    async create(inputs) {
      return { id: "turn", outs: { ...inputs } };
    },
    async update(_id, _olds, news) {
      return { outs: { ...news } };
    },
  };
}

function recorded(olds: Properties): TurnRecord | undefined {
  return typeof olds["turn"] === "number" ? (olds as unknown as TurnRecord) : undefined;
}
