/**
 * From the text of an export to the few plain facts that a report needs. Everything else of the
 * state, every secret with it, ends here: nothing is copied but the fields named below, and of them
 * only texts and numbers. A secret is an object in an export, opened or not, so it counts as absent
 * wherever it stands.
 */
import { services } from "../../provider/services";

/** The named fields that were plain texts or numbers. */
export type Facts = Readonly<Partial<Record<string, string | number>>>;

export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Facts;
  readonly outputs: Facts;
  /** URNs of what an account's password, a generator's keepers or a turn's due date were made of. */
  readonly madeFrom: readonly string[];
}

export interface StackExport {
  readonly accounts: readonly Resource[];
  readonly generators: readonly Resource[];
  /** Between a pair's schedule and the generators of its accounts. */
  readonly turns: readonly Resource[];
  /** Accounts that a run worked on when it was killed. */
  readonly interrupted: readonly Resource[];
}

const generatorType = "pulumi-nodejs:dynamic/password:RotatingPassword";
const turnType = "pulumi-nodejs:dynamic/password:Turn";
const generatorFields = ["policy", "version", "reason", "generatedAt", "nextRotation"];
const accountFields = [
  "status",
  "drift",
  "verification",
  "revision",
  "changedAt",
  "requestId",
  "passwordVersion",
];

/** The property whose dependencies matter, where it is not the password. */
const decisive = new Map([
  [generatorType, "keepers"],
  [turnType, "due"],
]);

/** By the type that states name. */
const fieldsByType = new Map<string, readonly string[]>([
  [generatorType, generatorFields],
  [turnType, []],
]);
for (const { type, identity } of services.values())
  fieldsByType.set(`pulumi-nodejs:dynamic/${type}`, [...identity, ...accountFields]);

/**
 * @param text What `pulumi stack export` prints, or a checkpoint file of Pulumi's own.
 * @throws An error that says in one line what it is not. It quotes nothing of the text.
 */
export function readExport(text: string): StackExport {
  const deployment = deploymentIn(parsed(text));
  const resources = list(deployment["resources"])
    .map(record)
    // What only waits for its deletion is declared no more.
    .filter((each) => each["delete"] !== true)
    .flatMap(known);
  const interrupted = list(deployment["pending_operations"])
    .map((operation) => record(record(operation)["resource"]))
    .flatMap(known);
  return {
    accounts: resources.filter(isAccount),
    generators: resources.filter(({ type }) => type === generatorType),
    turns: resources.filter(({ type }) => type === turnType),
    interrupted: interrupted.filter(isAccount),
  };
}

function isAccount({ type }: Resource): boolean {
  return type !== generatorType && type !== turnType;
}

/** Without the parser's own words, which quote the text. */
function parsed(text: string): unknown {
  if (text.trim() === "") throw new Error("the export is empty");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error("the export is not JSON, or is cut off");
  }
}

/**
 * `{ version, deployment }`, a checkpoint `{ version, checkpoint: { latest } }`, or a bare
 * deployment.
 */
function deploymentIn(json: unknown): Properties {
  const all = record(json);
  if (Array.isArray(all["resources"]) || "manifest" in all) return all;
  const inside = "checkpoint" in all ? record(all["checkpoint"])["latest"] : all["deployment"];
  if (isRecord(inside)) return inside;
  // A stack that nothing was ever deployed to.
  const known = ["version", "deployment", "checkpoint"];
  const names = Object.keys(all);
  const isEmpty = names.length > 0 && names.every((name) => known.includes(name));
  if (isEmpty && (inside === undefined || inside === null)) return {};
  throw new Error("the export holds no deployment: it must be what `pulumi stack export` prints");
}

/** The resource if it is one of this package. */
function known(resource: Properties): Resource[] {
  const { urn, type } = resource as { urn: unknown; type: unknown };
  if (typeof urn !== "string" || typeof type !== "string") return [];
  const fields = fieldsByType.get(type);
  if (fields === undefined) return [];
  return [
    {
      urn,
      type,
      inputs: facts(resource["inputs"], fields),
      outputs: facts(resource["outputs"], fields),
      madeFrom: madeFrom(resource, decisive.get(type) ?? "password"),
    },
  ];
}

function facts(properties: unknown, fields: readonly string[]): Facts {
  const all = record(properties);
  const plain = fields.flatMap((name) => {
    const value = Object.hasOwn(all, name) ? all[name] : undefined;
    return typeof value === "string" || typeof value === "number" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(plain);
}

function madeFrom(resource: Properties, property: string): string[] {
  const byProperty = record(resource["propertyDependencies"]);
  const urns = property in byProperty ? byProperty[property] : resource["dependencies"];
  return list(urns).filter((urn) => typeof urn === "string");
}

type Properties = Readonly<Record<string, unknown>>;

function record(value: unknown): Properties {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
