/**
 * Whether the engine that started this process still lives.
 *
 * A killed command line leaves its provider processes behind for ever: nobody can receive their
 * results, each holds more than 100 MB, and a call that was still waiting its turn would overwrite
 * what a later run has confirmed. So the process ends as soon as the engine is gone, and nothing is
 * sent for a dead run.
 *
 * Seen without polling: a connection to the engine's own port (the SDK's host gets its address as
 * its first argument) closes with it, and the next one is refused.
 */
import { connect } from "node:net";
import { AccountPasswordError } from "./errors";

let engine: { host: string; port: number } | undefined;

/** Starts to watch. Only an address of the form `127.0.0.1:port` is one: a test may pass anything. */
export function watchEngine(
  address = process.argv[2],
  onGone: () => void = () => process.exit(1),
): void {
  const [, host, port] = /^(127\.0\.0\.1|localhost|\[::1\]):(\d+)$/.exec(address ?? "") ?? [];
  if (engine !== undefined || host === undefined) return;
  engine = { host: host.replace(/[[\]]/g, ""), port: Number(port) };
  watch(engine, onGone);
}

function watch(address: { host: string; port: number }, onGone: () => void): void {
  let refused = false;
  const socket = connect(address).unref();
  socket.on("error", (error: NodeJS.ErrnoException) => (refused = error.code === "ECONNREFUSED"));
  // The engine closes a connection on which nobody speaks after two minutes: that says nothing.
  socket.on("close", () =>
    refused ? onGone() : setTimeout(() => watch(address, onGone), 20).unref(),
  );
  socket.resume();
}

/** @throws `ENGINE_GONE` when the run that asked for this is over. */
export async function assertEngineLives(): Promise<void> {
  if (engine === undefined || (await accepts(engine))) return;
  throw new AccountPasswordError(
    "ENGINE_GONE",
    "Cannot go on: the Pulumi run that asked for this has ended; nothing was sent",
  );
}

function accepts(address: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    // Anything but a refusal (no free port, say) does not prove that the engine is gone.
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "ECONNREFUSED"));
  });
}
