/**
 * The wrong passwords that a state remembers, by account: the account's own tries and those of
 * logins, so that none of them pushes another one out.
 */
export interface TriedPasswords {
  /** When a wrong password was counted last. ISO time, UTC. */
  readonly triedAt?: string | undefined;
  /** Whose it was, where it was the login account's and not the account's own. */
  readonly triedAccount?: string | undefined;
  readonly refusedPasswords?: readonly string[] | undefined;
  /** The same three of other accounts' earlier tries, newest first; `""`: the account's own. */
  readonly earlierTriedAt?: readonly string[] | undefined;
  readonly earlierTriedAccounts?: readonly string[] | undefined;
  readonly earlierRefusedPasswords?: readonly (readonly string[])[] | undefined;
}

/** The tries of one account. */
export interface Tries {
  /** `""`: the account that the state is about. */
  readonly account: string;
  /** `""`: never. */
  readonly at: string;
  readonly refused: readonly string[];
}

/**
 * With one more, the newest.
 *
 * @param password Empty: one that is not known to be wrong.
 */
export function withTry(
  tries: readonly Tries[],
  { account, at, password }: { account: string; at: string; password: string },
): Tries[] {
  const refused = tries.find((each) => each.account === account)?.refused ?? [];
  const all = new Set(password === "" ? refused : [password, ...refused]);
  const others = tries.filter((each) => each.account !== account);
  return [{ account, at, refused: [...all] }, ...others];
}

/** Newest first. */
export function triesOf(state: TriedPasswords): Tries[] {
  const { triedAt = "", triedAccount = "", refusedPasswords = [] } = state;
  const earlier = (state.earlierTriedAccounts ?? []).map((account, index) => ({
    account,
    at: state.earlierTriedAt?.[index] ?? "",
    refused: state.earlierRefusedPasswords?.[index] ?? [],
  }));
  const all = [{ account: triedAccount, at: triedAt, refused: refusedPasswords }, ...earlier];
  return all.filter(({ at, refused }) => at !== "" || refused.length > 0);
}

/** @param tries Newest first. Nothing that is empty is among the result. */
export function triedPasswords([newest, ...earlier]: readonly Tries[]): TriedPasswords {
  const all = {
    triedAt: newest?.at,
    triedAccount: newest?.account,
    refusedPasswords: newest?.refused,
    earlierTriedAt: earlier.map(({ at }) => at),
    earlierTriedAccounts: earlier.map(({ account }) => account),
    earlierRefusedPasswords: earlier.map(({ refused }) => refused),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value?.length));
}
