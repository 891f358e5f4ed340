/** The minutes after a wrong password, without waiting for them. */
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { secondsBetween } from "../../provider/wrong-tries";
import type { TestEmulator } from "./emulator";
import type { Stack, StateResource } from "./harness";

const seconds = secondsBetween + 60;

/** As if the last tries had been a minute longer ago than is needed. */
export async function agePauses(stack: Stack, emulator: TestEmulator): Promise<void> {
  const { stdout } = await stack.pulumi(["stack", "export"]);
  const state = JSON.parse(stdout) as { deployment: { resources?: StateResource[] } };
  const tried = (state.deployment.resources ?? []).filter(({ outputs }) => outputs?.["triedAt"]);
  if (!forgetJournal(stack) && tried.length === 0) return;
  for (const { outputs } of tried) {
    outputs["triedAt"] = earlier(outputs["triedAt"]);
    const others = outputs["earlierTriedAt"] as string[] | undefined;
    if (others !== undefined) outputs["earlierTriedAt"] = others.map(earlier);
  }
  const file = join(stack.folder, "state.json");
  writeFileSync(file, JSON.stringify(state));
  await stack.pulumi(["stack", "import", "--file", file]);
  await emulator.advanceClock(seconds);
}

function earlier(time: unknown): string {
  return new Date(Date.parse(String(time)) - seconds * 1000).toISOString();
}

/** The journal of tries in the stack's own home folder. @returns Whether there was any. */
function forgetJournal({ home }: Stack): boolean {
  const folder = join(home, ".cache", "pulumi-account-passwords", "wrong-tries");
  const isAny = existsSync(folder) && readdirSync(folder).length > 0;
  rmSync(folder, { recursive: true, force: true });
  return isAny;
}
