/**
 * How secrets and not yet known values look on the wire between the provider and the engine.
 *
 * The constants are Pulumi's (`runtime/rpc.ts`); `test/secret.test.ts` compares them with the SDK.
 * They stand here so that a module that only handles values need not load the SDK.
 */
const specialSigKey = "4dabf18193072939515e22adb298388d";
const specialSecretSig = "1b47061264138c4ac30d75fd1eb44270";

/** What an input holds in a preview when it is not known yet: one text for each kind of value. */
const unknownValues: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // bool
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** A value that the engine stores encrypted and shows as `[secret]`. */
export interface WireSecret<T> {
  readonly [specialSigKey]: typeof specialSecretSig;
  readonly value: T;
}

/** Marks a value as secret for the engine, whatever the engine knew of it before. */
export function wireSecret<T>(value: T): WireSecret<T> {
  return { [specialSigKey]: specialSecretSig, value };
}

/** Whether the value is one that only the update itself will know. */
export function isUnknown(value: unknown): boolean {
  return unknownValues.has(value);
}

/**
 * The properties in the form that the engine takes from a provider: the named ones wrapped as
 * secrets, those without a value left out (`undefined` in a result fails _after_ the side effect).
 */
export function toWire(
  properties: Readonly<Record<string, unknown>>,
  secretNames: readonly string[],
): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    // An unknown secret is the bare sentinel: wrapped, the engine would take it for a value.
    wire[name] = secretNames.includes(name) && !isUnknown(value) ? wireSecret(value) : value;
  }
  return wire;
}
