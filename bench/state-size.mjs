// Figures 2 and 3: what a resource takes in the state, as the file backend writes it.
import { say } from "../tools/run.mjs";
import { met, table } from "./figures.mjs";
import { Workspace } from "./workspace.mjs";

const literalBudget = 128;
const configuredBudget = 1000;
const candidatesBudget = 2600;
const generatorBudget = 1500;

const budgets = {
  "tencentcloud:TcrServiceAccountPassword": configuredBudget,
  "tencentcloud:MariadbAccountPassword": configuredBudget,
  "tencentcloud:PostgresqlAccountPassword": configuredBudget,
  "tencentcloud:RedisInstancePassword": candidatesBudget,
  "huaweicloud:ServicecombAccountPassword": candidatesBudget,
  "password:RotatingPassword": generatorBudget,
};

const secrets = {
  password1: "Bench+first1x",
  password2: "Bench+second2x",
  tcrPassword1: "BenchFirst1x",
  tcrPassword2: "BenchSecond2x",
};

export async function stateSize(pulumi, emulator) {
  say("State: one resource of each kind, created and rotated …");
  const workspace = new Workspace(pulumi, "each-kind", emulator.environment);
  try {
    await workspace.init(secrets);
    await workspace.pulumi(["up", "--yes", "--skip-preview", "--stack=bench"]);
    const rotate = { BENCH_RELEASE: "2" };
    await workspace.pulumi(["up", "--yes", "--skip-preview", "--stack=bench"], rotate);
    print(resourcesIn(workspace.rawState(), Object.values(secrets)));
  } finally {
    workspace.close();
  }
}

function print(resources) {
  const empty = resources.find(({ type }) => type === "bench:Empty").bytes;
  const ours = resources.filter(({ type }) => type in budgets);
  if (ours.length !== 7) throw new Error(`${ours.length} resources in the state instead of 7`);
  const kinds = [...new Map(ours.map((resource) => [resource.type, resource])).values()];
  table(
    "2. Provider code in the state (each of the engine's two copies)",
    kinds.map(({ type, literal }) => ({
      type,
      bytes: literal.length,
      budget: literalBudget,
      met: met(literal.length, literalBudget),
    })),
  );
  table(`3. State of one resource after one rotation (an empty one: ${empty} bytes)`, [
    ...ours.map(({ type, name, bytes }) => ({
      resource: `${type} "${name}"`,
      bytes,
      "beyond empty": bytes - empty,
      budget: budgets[type],
      met: met(bytes - empty, budgets[type]),
    })),
  ]);
}

function resourcesIn(raw, passwords) {
  if (passwords.some((password) => raw.includes(password)))
    throw new Error("the state file holds a password in clear: its sizes say nothing");
  const { resources } = JSON.parse(raw).checkpoint.latest;
  return resources.map((resource) => {
    const text = JSON.stringify(resource);
    // The backend writes without spaces. Were that to change, these would be other bytes than the file's.
    if (!raw.includes(text)) throw new Error(`the state file writes otherwise than ${text}`);
    const [type, name] = resource.urn.split("::").slice(-2);
    return {
      type: type.replace("pulumi-nodejs:dynamic/", ""),
      name,
      literal: resource.inputs?.__provider,
      bytes: Buffer.byteLength(text),
    };
  });
}
