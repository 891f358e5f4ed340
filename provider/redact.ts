/**
 * The last net: every secret that this process has seen is taken out of every text that leaves it,
 * in each form in which a secret travels. The first net is that texts are built from safe parts.
 */
const secrets = new Set<string>();
/**
 * All forms of the secrets, longest first; those of the newest are made when a text is to be
 * cleaned.
 */
const forms: string[] = [];
const newest: string[] = [];
/** A shorter text would be found in every second word, and is no password that a vendor takes. */
const shortest = 4;

/** Remembers the texts in a value, however deep. */
export function rememberSecrets(...values: readonly unknown[]): void {
  for (const value of values) {
    if (typeof value === "string") {
      if (value.length < shortest || secrets.has(value)) continue;
      secrets.add(value);
      newest.push(value);
    } else if (value !== null && typeof value === "object")
      rememberSecrets(...Object.values(value));
  }
}

export function redact(text: string): string {
  if (newest.length > 0) {
    for (const secret of newest.splice(0)) forms.push(...new Set(formsOf(secret)));
    // Longest first: a form may be a part of another one.
    forms.sort((a, b) => b.length - a.length);
  }
  let clean = text;
  for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, "[secret]");
  return clean;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  // Without halves of characters, at which `encodeURIComponent` fails.
  const wellFormed = bytes.toString("utf8");
  const base64 = bytes.toString("base64");
  const hex = bytes.toString("hex");
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    // A JSON text within a JSON text, as in an error that quotes a body.
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    encodeURIComponent(wellFormed),
    strictlyUrlEncoded(wellFormed),
    new URLSearchParams([["", secret]]).toString().slice(1),
    base64,
    base64.replace(/=+$/, ""),
    bytes.toString("base64url"),
    hex,
    hex.toUpperCase(),
  ];
}

/** RFC 3986 encodes five characters more than `encodeURIComponent`. */
function strictlyUrlEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
