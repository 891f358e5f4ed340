import { count } from "./concerns";
import type { Report } from "./report";

/**
 * The report for programs. Fields may be added; none is renamed or removed while `version` stays 1.
 *
 *     {
 *       "version": 1,
 *       "time": "2026-05-01T12:00:00.000Z",           when the report was made
 *       "stack": "project/stack",                     null without any account
 *       "maxAge": "90d",                              as given; null: none
 *       "counts": { "accounts": 1, "unknown": 0, "interrupted": 0, "drift": 0, "refused": 0, "overdue": 0, "maxAge": 0, "dueSoon": 0 },
 *       "accounts": [{
 *         "urn": "urn:pulumi:…", "name": "cache",     the resource's
 *         "type": "tencentcloud:RedisInstancePassword",
 *         "service": "Redis",
 *         "account": "ap-guangzhou/crs-1",            the identity arguments, joined by /
 *         "identity": { "region": "ap-guangzhou", "instanceId": "crs-1" },   null: secret, or not in the state
 *         "status": "confirmed",                      adopted, unknown, interrupted, drift
 *         "drift": "none",                            or what `pulumi refresh` found
 *         "verification": "accepted",                 refused, inconclusive; null: no `verify`
 *         "concerns": ["overdue"],                    of unknown, drift, refused, overdue, max-age, due-soon
 *         "revision": 2,
 *         "changedAt": "2026-01-31T12:00:00.000Z",    when the vendor confirmed it
 *         "ageSeconds": 7776000,                      of the password
 *         "reason": "age 92 days > 90",               of the last rotation
 *         "nextDue": "2026-05-01T12:00:00.000Z",
 *         "behind": false,                            true: its generator has a newer password
 *         "requestId": "0f3a…"
 *       }]
 *     }
 *
 * `revision`, `changedAt`, `ageSeconds`, `reason`, `nextDue` and `requestId` are null where there
 * is none. Times are ISO, in UTC. The accounts come in the order of the table.
 */
export function json(report: Report): string {
  const { now, stack, maxAge, lines } = report;
  const shape = {
    version: 1,
    time: isoTime(now),
    stack: stack ?? null,
    maxAge: maxAge?.text ?? null,
    counts: count(lines),
    accounts: lines.map((line) => ({
      urn: line.urn,
      name: line.name,
      type: line.type,
      service: line.service,
      account: Object.values(line.identity)
        .map((value) => value ?? "?")
        .join("/"),
      identity: Object.fromEntries(
        Object.entries(line.identity).map(([name, value]) => [name, value ?? null]),
      ),
      status: line.status,
      drift: line.drift,
      verification: line.verification ?? null,
      concerns: line.concerns,
      revision: line.revision ?? null,
      changedAt: isoTime(line.changedAt),
      ageSeconds: line.age === undefined ? null : Math.floor(line.age / 1000),
      reason: line.reason ?? null,
      nextDue: isoTime(line.nextDue),
      behind: line.behind,
      requestId: line.requestId ?? null,
    })),
  };
  // What JSON leaves as it is, and a terminal may not.
  const escaped = JSON.stringify(shape, undefined, 2).replace(
    /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) =>
      character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
  return `${escaped}\n`;
}

function isoTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
