import { parseDuration } from "../../../cli/report/durations";
import { readExport } from "../../../cli/report/read-export";
import { type Report, reportOn } from "../../../cli/report/report";
import { exportOf, type ExportFacts, now } from "./exports";

export function makeReport(
  resources: readonly unknown[],
  { maxAge, ...facts }: ExportFacts & { maxAge?: string } = {},
): Report {
  const text = exportOf(resources, facts);
  return reportOn(readExport(text), { now, maxAge: parseDuration(maxAge ?? "") });
}
