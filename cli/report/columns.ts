/** The columns of the table, in text and Markdown alike. */
import type { Assessed } from "./concerns";
import { accountName, ageOf, dueOf, printable } from "./words";

export interface Column {
  readonly title: string;
  readonly alignRight?: boolean;
  /** Whether it holds words of others: names, and what was made of them. */
  readonly foreign?: boolean;
  of(line: Assessed, now: number): string;
}

export const columns: readonly Column[] = [
  { title: "Service", of: ({ service }) => service },
  { title: "Account", foreign: true, of: accountName },
  { title: "Status", of: ({ status }) => status },
  { title: "Rev", alignRight: true, of: ({ revision }) => String(revision ?? "") },
  { title: "Age", alignRight: true, of: ageOf },
  { title: "Next due", of: dueOf },
  { title: "Last rotation", foreign: true, of: ({ reason = "" }) => printable(reason) },
  { title: "Request", foreign: true, of: ({ requestId = "" }) => printable(requestId) },
];
