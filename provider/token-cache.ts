/** Tokens that are kept in this process until shortly before they end. Never stored. */
import type { Answer } from "./outcome";

export interface Token {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A token that ends sooner than this is renewed: a queue may lie between now and its use. */
const marginMs = 5 * 60 * 1000;

const tokens = new Map<string, Promise<Answer<Token>>>();

/**
 * The kept token, or a new one. Many who ask at once share one request.
 *
 * @param keepFailure Whether a failure is kept too: one that must not be repeated.
 */
export async function cached(
  key: string,
  create: () => Promise<Answer<Token>>,
  keepFailure: (answer: Answer<Token>) => boolean = () => false,
): Promise<Answer<Token>> {
  const before = tokens.get(key);
  const kept = await before?.catch(() => undefined);
  if (kept !== undefined && (isFresh(kept) || keepFailure(kept))) return kept;
  // While this one waited, another one may have asked.
  const asked = tokens.get(key);
  if (asked !== undefined && asked !== before) return asked;
  const created = create();
  tokens.set(key, created);
  return created;
}

/** The kept token, if it is still good; asks nobody. */
export async function kept(key: string): Promise<Answer<Token> | undefined> {
  const answer = await tokens.get(key)?.catch(() => undefined);
  return answer !== undefined && isFresh(answer) ? answer : undefined;
}

function isFresh(answer: Answer<Token>): boolean {
  return answer.outcome === "done" && answer.value.expiresAt - marginMs > Date.now();
}

/**
 * The vendor says that this token has expired, whatever it said before. A newer one, which somebody
 * else got meanwhile, is kept.
 */
export async function forget(key: string, text: string): Promise<void> {
  const kept = tokens.get(key);
  const answer = await kept?.catch(() => undefined);
  const isThisOne = answer?.outcome === "done" && answer.value.text === text;
  if (isThisOne && tokens.get(key) === kept) tokens.delete(key);
}
