/** What `check` says of `verify`. */
import { readFileSync } from "node:fs";
import type { Account } from "../account-service";
import { isUnknown } from "../secret";
import type { Settings } from "../settings";
import { isInstalled } from "../optional-peers";
import type { Verifier, Verify, VerifyArgument } from "./verification";

/** Arguments that every `verify` has. */
const commonArguments = ["onRefresh", "timeoutSeconds"] as const;
const longestTimeout = 600;

const kinds: Readonly<Record<VerifyArgument, readonly [(value: unknown) => boolean, string]>> = {
  host: [isHost, "must be a host name or an IP address, without a port"],
  port: [(value) => isWholeNumber(value, 65_535), "must be a whole number from 1 to 65535"],
  tls: [isTls, "must be true, false or { caFile?, serverName? }, both texts"],
  database: [isText, "must be a text that is not empty"],
  userName: [isText, "must be a text that is not empty"],
  passwordPrefix: [isText, "must be a text that is not empty"],
  onRefresh: [(value) => typeof value === "boolean", "must be true or false"],
  timeoutSeconds: [
    (value) => isWholeNumber(value, longestTimeout),
    `must be whole seconds, 1 to ${longestTimeout}`,
  ],
};

/** Each the rest of a sentence that names the account. In a preview any part may be unknown. */
export function verifyProblems(
  verifier: Verifier,
  given: unknown,
  { account, settings }: { account: Account | undefined; settings: Settings },
): string[] {
  if (isUnknown(given)) return [];
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return [`verify must be an object with ${named(verifier).join(", ")}`];
  const verify = withoutNulls(given) as Record<string, unknown>;
  const found: string[] = [];
  for (const [name, value] of Object.entries(verify)) {
    const known = named(verifier).find((argument) => argument === name);
    if (known === undefined)
      found.push(`verify.${name} is not an argument: there are ${named(verifier).join(", ")}`);
    else if (!isUnknown(value) && !kinds[known][0](value))
      found.push(`verify.${name} ${kinds[known][1]}`);
  }
  if (verifier.arguments.includes("host") && verify["host"] === undefined)
    found.push("verify.host is missing: the server to log in at");
  const { driver } = verifier;
  if (driver !== undefined && !isInstalled(driver))
    found.push(
      `verify logs in with the package ${driver}, which is not installed: run \`npm install ${driver}\``,
    );
  const { caFile } = Object(verify["tls"]) as { caFile?: unknown };
  if (typeof caFile === "string" && !isUnknown(caFile) && !holdsCertificate(caFile))
    found.push(`verify.tls.caFile: ${JSON.stringify(caFile)} is no file with a PEM certificate`);
  const isKnown = [verify, Object(verify["tls"])].every(
    (values: object) => !Object.values(values).some(isUnknown),
  );
  const problem =
    found.length === 0 && isKnown && account !== undefined
      ? verifier.problem?.(account, verify as Verify, settings)
      : undefined;
  return problem === undefined ? found : [problem];
}

/** The engine sends what has no value as `null`, also within an object. */
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined && part !== null)
    .map(([name, part]) => [name, withoutNulls(part)] as const);
  return Object.fromEntries(entries);
}

function named(verifier: Verifier): VerifyArgument[] {
  return [...verifier.arguments, ...commonArguments];
}

/** With an empty one Node.js would trust its own, without a word. */
function holdsCertificate(file: string): boolean {
  try {
    return readFileSync(file, "utf8").includes("-----BEGIN CERTIFICATE-----");
  } catch {
    return false;
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function isHost(value: unknown): boolean {
  if (typeof value !== "string" || /[/@?#\s]/.test(value)) return false;
  const inUrl = value.includes(":") ? `[${value}]` : value;
  return value !== "" && URL.canParse(`http://${inUrl}`);
}

function isWholeNumber(value: unknown, largest: number): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= largest;
}

function isTls(value: unknown): boolean {
  if (typeof value === "boolean") return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([name, part]) =>
      ["caFile", "serverName"].includes(name) &&
      (part === undefined || part === null || isUnknown(part) || isText(part)),
  );
}
