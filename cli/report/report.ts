/** The report as all formats get it. */
import { accountLines } from "./account-line";
import { type Assessed, assess, type Circumstances } from "./concerns";
import type { StackExport } from "./read-export";

export interface Report extends Circumstances {
  /** As URNs name it, `<project>/<stack>`; `undefined` without any account. */
  readonly stack: string | undefined;
  readonly lines: readonly Assessed[];
}

export function reportOn(stackExport: StackExport, circumstances: Circumstances): Report {
  const lines = assess(accountLines(stackExport, circumstances.now), circumstances);
  return { ...circumstances, stack: stackOf(lines[0]?.urn), lines };
}

/** `urn:pulumi:<stack>::<project>::<type>::<name>`. */
function stackOf(urn: string | undefined): string | undefined {
  const [, stack, project] = /^urn:pulumi:(.+?)::(.+?)::/.exec(urn ?? "") ?? [];
  return stack === undefined ? undefined : `${project}/${stack}`;
}
