import { TencentCloudError } from "./envelope";

export type ParameterType = "string" | "boolean" | "integer" | "string[]" | "Filter[]";

/** `*` after the type: the parameter is required. */
export type ParameterSpec = ParameterType | `${ParameterType}*`;

export interface Filter {
  readonly Name: string;
  readonly Values: readonly string[];
}

/** The business parameters of a request: the JSON body, checked against the action's. */
export class Parameters {
  readonly #values: Readonly<Record<string, unknown>>;

  private constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** For what happens before the check: fields of other types count as missing. */
  static unchecked(body: Buffer): Parameters {
    try {
      const json: unknown = JSON.parse(body.toString("utf8"));
      if (isObject(json)) return new Parameters(json);
    } catch {
      // Refused by `checked`, in its turn.
    }
    return new Parameters({});
  }

  /** Throws what the vendor answers where unknown, missing or ill-typed parameters are sent. */
  static checked(body: Buffer, specs: Readonly<Record<string, ParameterSpec>>): Parameters {
    const values = parseBody(body);
    for (const name of Object.keys(values))
      if (!Object.hasOwn(specs, name))
        throw new TencentCloudError(
          "UnknownParameter",
          `The parameter ${JSON.stringify(name)} is not recognized.`,
        );
    for (const [name, spec] of Object.entries(specs)) {
      const required = spec.endsWith("*");
      const type = (required ? spec.slice(0, -1) : spec) as ParameterType;
      const value = values[name];
      if (value === undefined) {
        if (required)
          throw new TencentCloudError("MissingParameter", `The parameter ${name} is missing.`);
      } else if (!hasType[type](value))
        throw new TencentCloudError("InvalidParameter", `The parameter ${name} must be ${type}.`);
    }
    return new Parameters(values);
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  /** `""` where it is not sent. */
  string(name: string): string {
    const value = this.#values[name];
    return typeof value === "string" ? value : "";
  }

  /** `false` where it is not sent. */
  boolean(name: string): boolean {
    return this.#values[name] === true;
  }

  integer(name: string, otherwise: number): number {
    const value = this.#values[name];
    return Number.isSafeInteger(value) ? Number(value) : otherwise;
  }

  strings(name: string): readonly string[] {
    const value = this.#values[name];
    return isStrings(value) ? value : [];
  }

  /** The values of the filter of that name, or `undefined` where there is none. */
  filter(name: string): readonly string[] | undefined {
    const value = this.#values["Filters"];
    return isFilters(value) ? value.find((filter) => filter.Name === name)?.Values : undefined;
  }
}

function parseBody(body: Buffer): Record<string, unknown> {
  let json: unknown;
  try {
    json = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
  } catch {
    throw new TencentCloudError("InvalidParameter", "The request body is not JSON.");
  }
  if (!isObject(json))
    throw new TencentCloudError("InvalidParameter", "The request body is not a JSON object.");
  return json;
}

const hasType: Record<ParameterType, (value: unknown) => boolean> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isSafeInteger(value),
  "string[]": isStrings,
  "Filter[]": isFilters,
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((element) => typeof element === "string");
}

function isFilters(value: unknown): value is Filter[] {
  return (
    Array.isArray(value) &&
    value.every((f) => isObject(f) && typeof f["Name"] === "string" && isStrings(f["Values"]))
  );
}
