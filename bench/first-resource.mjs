// Figure 1: how long a program waits for its first resource. Each time in a fresh process, the forms in turn.
import { join } from "node:path";
import { root } from "../tools/places.mjs";
import { run, say } from "../tools/run.mjs";
import { median, met, spread, table } from "./figures.mjs";

const budgetMs = 15;
const times = 7;

export async function firstResource() {
  const seen = { package: [], closure: [], empty: [] };
  for (let i = 0; i < times; i++) {
    say(`First resource: ${i + 1} of ${times} …`);
    for (const form of Object.keys(seen)) seen[form].push(await measure(form));
  }
  const row = (what, form, key, budget) => {
    const values = seen[form].map((each) => each[key]);
    return {
      what,
      "ms, median (least to most)": spread(values, 1),
      budget: budget === undefined ? "" : `${budget} ms`,
      met: budget === undefined ? "" : met(median(values), budget),
    };
  };
  const axios = seen.package.some((each) => each.axios);
  table(`1. First resource of a program (${times} fresh processes each)`, [
    row("an account of this package, until the engine has it", "package", "registeredMs", budgetMs),
    row("  of that, in its constructor", "package", "constructorMs"),
    row("a class with axios in its closure, serialized", "closure", "registeredMs"),
    row("an empty resource with a fixed text", "empty", "registeredMs"),
    row("each further account, in its constructor", "package", "furtherMs"),
    row("each further serialized class, the same", "closure", "furtherMs"),
    row("each further empty resource, the same", "empty", "furtherMs"),
    row("require of this package, once per program", "package", "requireMs"),
    {
      what: "axios loaded in the program's process",
      "ms, median (least to most)": axios ? "yes" : "no",
      budget: "no",
      met: axios ? "NO" : "yes",
    },
  ]);
}

async function measure(form) {
  const child = join(root, "bench", "first-resource-child.js");
  const { code, output } = await run(process.execPath, [child, form], { cwd: root });
  if (code !== 0) throw new Error(`the program with one resource (${form}) failed:\n${output}`);
  return JSON.parse(output.trim().split("\n").at(-1));
}
