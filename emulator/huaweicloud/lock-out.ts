import type { Clock } from "../clock";

/** Apache/servicecomb-service-center head 983f3f39, server/service/rbac/blocker.go. */
const attempts = 2;
const refillMs = 15 * 60 * 1000;
const banMs = 15 * 60 * 1000;

interface Bucket {
  /** Tokens left at `filledAt`: one failure takes one, and they come back one per 15 minutes. */
  tokens: number;
  filledAt: number;
  bannedUntil: number;
}

/**
 * Locks an account after wrong passwords: the third failure bans it for 15 minutes. Wrong logins
 * and wrong current passwords count alike, successes do not reset anything, and an account is
 * locked for one address only.
 */
export class LockOut {
  readonly #buckets = new Map<string, Map<string, Bucket>>();

  constructor(readonly clock: Clock) {}

  /** Counts a wrong password, whether or not the account exists. */
  strike(engineId: string, name: string, ip: string): void {
    const now = this.clock.now();
    const engine = this.#buckets.get(engineId) ?? new Map<string, Bucket>();
    this.#buckets.set(engineId, engine);
    const bucket = engine.get(key(name, ip)) ?? {
      tokens: attempts,
      filledAt: now,
      bannedUntil: 0,
    };
    engine.set(key(name, ip), bucket);
    bucket.tokens = Math.min(attempts, bucket.tokens + (now - bucket.filledAt) / refillMs);
    bucket.filledAt = now;
    if (bucket.tokens >= 1) bucket.tokens -= 1;
    else bucket.bannedUntil = now + banMs;
  }

  isBanned(engineId: string, name: string, ip: string): boolean {
    const bucket = this.#buckets.get(engineId)?.get(key(name, ip));
    return bucket !== undefined && this.clock.now() < bucket.bannedUntil;
  }

  /** As `GET /v4/account-locks` shows them; `releaseAt` is in seconds. */
  bans(engineId: string): { key: string; status: "banned"; releaseAt: number }[] {
    return [...(this.#buckets.get(engineId) ?? [])]
      .filter(([, { bannedUntil }]) => this.clock.now() < bannedUntil)
      .map(([key, { bannedUntil }]) => ({
        key,
        status: "banned",
        releaseAt: Math.floor(bannedUntil / 1000),
      }));
  }

  reset(): void {
    this.#buckets.clear();
  }
}

function key(name: string, ip: string): string {
  return `${name}::${ip}`;
}
