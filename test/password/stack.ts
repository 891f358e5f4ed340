/**
 * One resource of a stack, and what Pulumi's engine does with it, as far as a dynamic provider can
 * tell: requests arrive in clear, results are stored, "no changes" stores the inputs alone.
 */
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Clock } from "../../provider/password/clock";

type Properties = Record<string, unknown>;
type Provider = pulumi.dynamic.ResourceProvider<Properties, Properties>;

export interface RunOptions {
  /** The process dies before the engine has the result of `create` or `update`. */
  readonly killed?: boolean;
  /** As after a partial failure: the engine updates whatever `diff` says. */
  readonly updateAnyway?: boolean;
  /** Delete and create, as `pulumi up --replace` does: `check` gets no old inputs. */
  readonly replace?: boolean;
}

export class Stack {
  readonly provider: Provider;
  /** `""`: not created. */
  id = "";
  /** As stored, secrets in clear. */
  inputs: Properties = {};
  outputs: Properties = {};
  /** As the provider returned them. */
  wireInputs: Properties = {};
  wireOutputs: Properties = {};

  constructor(
    makeProvider: (clock: Clock) => Provider,
    /** What time it is: an ISO time. */
    public now: string,
  ) {
    this.provider = makeProvider(() => Date.parse(this.now));
  }

  async up(
    program: Properties,
    { killed = false, updateAnyway = false, replace = false }: RunOptions = {},
  ): Promise<"create" | "update" | "same" | "killed"> {
    if (replace) [this.id, this.inputs, this.outputs] = ["", {}, {}];
    const wireInputs = await this.check(program);
    const inputs = clear(wireInputs);
    if (this.id === "") {
      const { id, outs } = await this.provider.create({ ...inputs });
      if (killed) return "killed";
      this.id = id;
      this.store(wireInputs, outs!);
      return "create";
    }
    if (!updateAnyway && (await this.changes(inputs)).length === 0) {
      this.inputs = inputs;
      return "same";
    }
    const { outs } = await this.provider.update!(this.id, { ...this.outputs }, { ...inputs });
    if (killed) return "killed";
    this.store(wireInputs, outs!);
    return "update";
  }

  /** The inputs after `check`, and the names of those that the preview shows as changed. */
  async preview(program: Properties): Promise<{ inputs: Properties; changed: string[] }> {
    const inputs = clear(await this.check(program));
    return { inputs, changed: await this.changes(inputs) };
  }

  async failures(program: Properties): Promise<pulumi.dynamic.CheckFailure[]> {
    const { failures = [] } = await this.provider.check!({ ...this.inputs }, request(program));
    return failures;
  }

  /** The names of the properties that are marked as secret. */
  secrets(wire: Properties): string[] {
    return Object.keys(wire)
      .filter((name) => isSecret(wire[name]))
      .sort();
  }

  private async check(program: Properties): Promise<Properties> {
    const { inputs, failures = [] } = await this.provider.check!(
      { ...this.inputs },
      request(program),
    );
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    return complete(inputs!);
  }

  /** `undefined` leaves the comparison to the engine, which compares inputs with inputs. */
  private async changes(inputs: Properties): Promise<string[]> {
    const { changes } = await this.provider.diff!(this.id, { ...this.outputs }, { ...inputs });
    if (changes === false) return [];
    return [...new Set([...Object.keys(this.inputs), ...Object.keys(inputs)])]
      .filter((name) => !isDeepStrictEqual(this.inputs[name], inputs[name]))
      .sort();
  }

  private store(wireInputs: Properties, outs: Properties): void {
    this.wireInputs = wireInputs;
    this.inputs = clear(wireInputs);
    this.wireOutputs = complete(outs);
    this.outputs = clear(outs);
  }
}

/** What the SDK sends of a program's arguments: those that are not `undefined`. */
function request(program: Properties): Properties {
  const given = Object.entries(program).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), __provider: "text" };
}

function isSecret(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && pulumi.runtime.specialSigKey in value;
}

function clear(wire: Properties): Properties {
  return Object.fromEntries(
    Object.entries(wire).map(([name, value]) => [name, isSecret(value) ? value.value : value]),
  );
}

/** The host adds `__provider` itself, and cannot send `undefined`, at any depth. */
function complete(result: Properties): Properties {
  const sendable = JSON.parse(JSON.stringify(result)) as Properties;
  if (!isDeepStrictEqual(result, sendable)) throw new Error("a result that cannot be sent");
  if (!Object.isExtensible(result)) throw new Error("a frozen result");
  return result;
}
