// The most memory that the provider process of a run ever held. Linux only: it reads /proc.
import { existsSync, readdirSync, readFileSync } from "node:fs";

const intervalMs = 50;

/** Whether the memory of another process can be seen here. */
export const memoryIsVisible = existsSync("/proc/self/status");

/**
 * Watches what the command line `cli` starts. The kernel keeps the peak itself (VmHWM), so a look
 * now and then misses only what came after the last one.
 */
export function watchProvider(cli) {
  let provider;
  let peak = 0;
  const look = () => {
    provider ??= descendants(cli).find(isProvider);
    if (provider !== undefined) peak = Math.max(peak, peakOf(provider));
  };
  const timer = memoryIsVisible ? setInterval(look, intervalMs) : undefined;
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

function descendants(pid) {
  // A child belongs to the thread that started it.
  const threads = orNothing(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const children = threads.flatMap((thread) => {
    const text = orNothing(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
    return (text ?? "").split(" ").filter(Boolean).map(Number);
  });
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Neither the `sh` round it nor the `node -e` that looks its script up: both name the script, too. */
function isProvider(pid) {
  const [program = "", script = ""] =
    orNothing(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.split("\0") ?? [];
  return /node[^/]*$/.test(program) && script.includes("/cmd/dynamic-provider");
}

function peakOf(pid) {
  const status = orNothing(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}

/** A process may end while it is looked at. */
function orNothing(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}
