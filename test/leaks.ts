/**
 * Secrets that can be recognised wherever and in whatever form they come out, and the search for
 * them.
 */
import { inspect } from "node:util";

/** All forms in which a secret travels, each once. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const base64 = bytes.toString("base64");
  const hex = bytes.toString("hex");
  // Without halves of characters, at which it fails.
  const url = encodeURIComponent(bytes.toString("utf8"));
  const form = new URLSearchParams([["", secret]]).toString().slice(1);
  return [
    ...new Set([
      secret,
      escaped(secret),
      escaped(escaped(secret)),
      // As `console.log` and the report of an uncaught error show it.
      inspect(secret).slice(1, -1),
      url,
      url.replace(/%../g, (code) => code.toLowerCase()),
      url.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
      form,
      form.replace(/%../g, (code) => code.toLowerCase()),
      // Without its padding it is a part of the one with it.
      base64.replace(/=+$/, ""),
      bytes.toString("base64url"),
      hex,
      hex.toUpperCase(),
    ]),
  ];
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Which of the secrets a text holds, by their numbers: a failing test must not print them. */
export function leaks(text: string, secrets: Iterable<string>): string[] {
  return [...secrets].flatMap((secret, n) =>
    formsOf(secret).some((form) => text.includes(form)) ? [`secret ${n}`] : [],
  );
}

/** A text in which no secret stands any more, for the report of a failing test. */
export function masked(text: string, secrets: Iterable<string>): string {
  const forms = [...secrets].flatMap(formsOf).sort((a, b) => b.length - a.length);
  return forms.reduce((clean, form) => clean.replaceAll(form, "[SECRET]"), text);
}

const lower = "abcdefghijkmnopqrstuvwxyz";
const alphanumeric = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/**
 * A password that nothing else contains: by every policy that allows the symbols.
 *
 * @param symbols Of which it has four; with none it has letters and digits only.
 */
export function canary(random: () => number, symbols: string, length = 20): string {
  const one = (from: string) => from.charAt(Math.floor(random() * from.length));
  // The first is a letter; letters between the symbols keep `%2` and the like from being a code.
  let text = `K${one(lower)}${2 + Math.floor(random() * 8)}`;
  for (let n = 0; n < (symbols === "" ? 0 : 4); n++) text += one(symbols) + one(lower);
  while (text.length < length) text += one(alphanumeric);
  return text;
}
