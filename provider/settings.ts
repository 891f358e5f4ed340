/**
 * What is not an argument: environment variables and the stack configuration, read at call time in
 * the provider process and never stored.
 */
import { AccountPasswordError } from "./errors";
import { isLoopback } from "./loopback";

/** Reads a key of the stack configuration, such as `tencentcloud:region`. */
export type Configuration = (key: string) => string | undefined;

export interface Settings {
  /** The first of the variables that is set. An empty one counts as unset. */
  env(...names: readonly string[]): string | undefined;
  config: Configuration;
  /** The emulator's URL: then its endpoints and credentials win over everything else. */
  readonly emulator: string | undefined;
}

export function settings(
  config: Configuration,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const env = (...names: readonly string[]) =>
    names.map((name) => environment[name]).find((value) => value);
  return { env, config, emulator: env("ACCOUNT_PASSWORDS_EMULATOR") };
}

export interface Endpoint {
  /** Without a slash at its end. */
  readonly url: string;
  /** Name, and port where it is not the scheme's own: what the output `endpoint` says. */
  readonly host: string;
  /** On this machine: an emulator. */
  readonly loopback: boolean;
}

/**
 * An endpoint from a variable or a configuration key, or the vendor's own.
 *
 * @throws `ENDPOINT_INVALID`, with the name of the variable and without its value (it may hold a
 *   password).
 */
export function endpoint(
  from: Settings,
  variable: string,
  key: string,
  vendors: () => string,
): Endpoint {
  const [source, text] = from.emulator
    ? ["ACCOUNT_PASSWORDS_EMULATOR", from.emulator]
    : from.env(variable)
      ? [variable, from.env(variable)]
      : from.config(key)
        ? [key, from.config(key)]
        : [vendorsOwn, vendors()];
  const found = parseEndpoint(String(text), String(source));
  // A region with a slash in it would send the password to whoever is named before that.
  if (source === vendorsOwn && new URL(found.url).pathname !== "/")
    throw invalid(vendorsOwn, "it must have no path: region and domain are plain names");
  return found;
}

const vendorsOwn = "the vendor's own";

export function parseEndpoint(text: string, source: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "")
    throw invalid(source, "it must be a URL such as https://host.example");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw invalid(source, "it must be scheme, host, port and path only");
  const loopback = isLoopback(url.hostname);
  if (url.protocol === "http:" && !loopback)
    throw invalid(source, "plain http is accepted for loopback addresses only, use https");
  return { url: `${url.origin}${url.pathname}`.replace(/\/+$/, ""), host: url.host, loopback };
}

function invalid(source: string, why: string): AccountPasswordError {
  return new AccountPasswordError(
    "ENDPOINT_INVALID",
    `Cannot use the endpoint of ${source}: ${why}; nothing was sent`,
  );
}

/**
 * Credentials are taken as one set, from the first source that has any part of one.
 *
 * @param sources In the order in which they win; each gives the parts that it has.
 * @param complete Which parts make a set. The first list of which any part is there decides.
 * @returns The set, or nothing when no source has any part.
 * @throws `CREDENTIALS_MISSING` when a set is incomplete: half of one source and half of another
 *   would be a key that nobody issued.
 */
export function oneSet<Part extends string>(
  sources: readonly CredentialSource<Part>[],
  complete: readonly (readonly Part[])[],
): Partial<Record<Part, string>> | undefined {
  for (const source of sources) {
    const parts = source.parts;
    const present = (Object.keys(parts) as Part[]).filter((part) => parts[part]);
    if (present.length === 0) continue;
    if (complete.some((set) => set.every((part) => parts[part]))) return parts;
    const wanted =
      complete.find((set) => set.some((part) => parts[part])) ?? (complete[0] as readonly Part[]);
    const missing = wanted.filter((part) => !parts[part]).map((part) => source.nameOf(part));
    throw new AccountPasswordError(
      "CREDENTIALS_MISSING",
      `Cannot use the credentials of ${source.name}: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing; nothing was sent`,
    );
  }
  return undefined;
}

export interface CredentialSource<Part extends string> {
  /** Such as `the environment`. */
  readonly name: string;
  readonly parts: Partial<Record<Part, string | undefined>>;
  /** What the user calls the part in this source. */
  nameOf(part: Part): string;
}

/** A source whose parts are variables or keys, under these names. An empty part counts as unset. */
export function namedSource<Part extends string>(
  name: string,
  names: Readonly<Record<Part, readonly string[]>>,
  read: (...names: readonly string[]) => string | undefined,
): CredentialSource<Part> {
  const parts: Partial<Record<Part, string | undefined>> = {};
  for (const part of Object.keys(names) as Part[]) parts[part] = read(...names[part]) || undefined;
  return { name, parts, nameOf: (part) => names[part][0] ?? part };
}

/** The part of a variable's name that stands for a profile or an engine: upper case, `-` as `_`. */
export function inVariable(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
}
