/**
 * What may stand in a field, and the reading of objects with such fields: of the accounts file and
 * of the backends file.
 */

/** What is wrong with a file, and where. The text holds no value of any field. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/** What a field takes, in words and as a check. */
export type FieldRule = readonly [wanted: string, fits: (value: unknown) => boolean];

export const fieldTypes = {
  text: ["a text that is not empty", (v) => typeof v === "string" && v !== ""],
  integer: ["a whole number", (v) => Number.isSafeInteger(v)],
  duration: [
    "milliseconds, a whole number from 0 on",
    (v) => Number.isSafeInteger(v) && Number(v) >= 0 && Number(v) < 2 ** 31,
  ],
  boolean: ["true or false", (v) => typeof v === "boolean"],
  texts: ["a list of texts", (v) => Array.isArray(v) && v.every((e) => typeof e === "string")],
  time: ["an ISO time", (v) => typeof v === "string" && !Number.isNaN(Date.parse(v))],
} as const satisfies Record<string, FieldRule>;

export type FieldType = keyof typeof fieldTypes;

export function checkField([wanted, fits]: FieldRule, value: unknown, at: string): void {
  if (!fits(value)) throw new FileError(`${at}: must be ${wanted}`);
}

export function object(json: unknown, at: string): Record<string, unknown> {
  if (typeof json === "object" && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new FileError(`${at}: must be an object`);
}

/** Each element with the place where it stands, such as `tencentcloud.redis[0]`. */
export function list(json: unknown, at: string): { readonly at: string; readonly json: unknown }[] {
  if (!Array.isArray(json)) throw new FileError(`${at}: must be a list`);
  return json.map((element: unknown, index) => ({ at: `${at}[${index}]`, json: element }));
}

export function noOtherKeys(json: object, known: readonly string[], at: string): void {
  const other = Object.keys(json).find((key) => !known.includes(key));
  if (other !== undefined)
    throw new FileError(`${at}: unknown field "${other}"; known: ${known.join(", ")}`);
}
