/** How a line's facts read in the formats that people read. */
import type { AccountLine } from "./account-line";
import type { Assessed } from "./concerns";
import { inWords } from "./durations";
import type { Report } from "./report";

/** `ap-guangzhou/tcr-1/robot`. */
export function accountName({ identity }: AccountLine): string {
  return Object.values(identity)
    .map((value) => printable(value ?? "?"))
    .join("/");
}

export function ageOf({ age }: AccountLine): string {
  return age === undefined ? "?" : inWords(age);
}

/** The day, in UTC. */
export function date(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The day, or how far it is where that matters; empty: never. */
export function dueOf({ nextDue, behind, concerns }: Assessed, now: number): string {
  if (behind) return "not set yet";
  if (nextDue === undefined) return "";
  if (concerns.includes("overdue")) return `overdue ${inWords(now - nextDue)}`;
  return concerns.includes("due-soon") ? `in ${inWords(nextDue - now)}` : date(nextDue);
}

/** What stands behind the concerns of a line, in a few words; empty: no concern. */
export function remark(line: Assessed, { now, maxAge }: Report): string {
  const { drift, behind, concerns } = line;
  const parts = [
    concerns.includes("drift") ? printable(drift) : "",
    concerns.includes("refused") ? "login refused" : "",
    behind ? "its generator has a newer password" : "",
    !behind && concerns.includes("overdue") ? dueOf(line, now) : "",
    concerns.includes("max-age") ? `older than ${maxAge?.text}` : "",
    concerns.includes("due-soon") ? `due ${dueOf(line, now)}` : "",
  ];
  return parts.filter(Boolean).join(", ");
}

/** What to run, for the concerns that there are. */
export function advice({ lines }: Report): string[] {
  const any = (has: (line: Assessed) => boolean) => lines.some(has);
  return [
    any(({ status }) => status === "unknown" || status === "interrupted")
      ? "unknown, interrupted: `pulumi up` finishes the change. What stays interrupted after it: `pulumi refresh --clear-pending-creates`"
      : "",
    any(({ concerns }) => concerns.includes("drift"))
      ? "drift: `pulumi up` sets the declared password again"
      : "",
    any(({ concerns }) => concerns.includes("refused"))
      ? "refused: `pulumi up` logs in again; it changes nothing unless there is drift"
      : "",
    any(({ concerns }) => concerns.includes("overdue"))
      ? "overdue: `pulumi up` rotates, within its window if it has one"
      : "",
  ].filter(Boolean);
}

/**
 * Without what moves a terminal's cursor, turns the direction of a text or ends a line: names come
 * from outside.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}
