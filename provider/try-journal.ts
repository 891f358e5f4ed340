/**
 * What states cannot remember of wrong passwords: that a try has begun whose end nobody recorded,
 * because its run was killed, or is still going on, or comes to the state that knows of it too
 * late. One file for each account, in the user's cache folder, holds the time of such a try and
 * nothing else; its name is a digest. It is there from before the request until the password is
 * known to be right.
 *
 * The states count over all machines, this one only on the machine that it lies on. Where the
 * folder cannot be written the states are all there is.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

export class TryJournal {
  constructor(private readonly file: string) {}

  /**
   * Writes down that a try begins, unless another one stands in its way.
   *
   * @param at ISO time.
   * @param blocks Whether a try at that time (milliseconds since 1970) forbids this one.
   * @returns The time of the try that does; then nothing was written.
   */
  begin(at: string, blocks: (triedAt: number) => boolean): number | undefined {
    const before = this.#read();
    if (before !== undefined && blocks(before)) return before;
    try {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
      if (before === undefined) {
        // Fails where another run on this machine has been faster.
        writeFileSync(this.file, at, { mode: 0o600, flag: "wx" });
      } else {
        const own = `${this.file}.${process.pid}`;
        writeFileSync(own, at, { mode: 0o600 });
        renameSync(own, this.file);
      }
    } catch {
      const others = this.#read();
      if (others !== undefined && blocks(others)) return others;
    }
    return undefined;
  }

  /** The password was right, or has certainly not arrived. */
  end(): void {
    try {
      rmSync(this.file, { force: true });
    } catch {
      // It ends by itself, 16 minutes after the try.
    }
  }

  #read(): number | undefined {
    try {
      const time = Date.parse(readFileSync(this.file, "utf8"));
      // Between its creation and its content.
      return Number.isNaN(time) ? statSync(this.file).mtimeMs : time;
    } catch {
      return undefined;
    }
  }
}

/**
 * @param account What tells an account from all others, in any number of parts.
 * @returns Nothing where no folder can be found for it.
 */
export function tryJournal(...account: readonly string[]): TryJournal | undefined {
  const name = createHash("sha256").update(JSON.stringify(account)).digest("hex");
  try {
    return new TryJournal(join(cacheFolder(), "pulumi-account-passwords", "wrong-tries", name));
  } catch {
    return undefined;
  }
}

function cacheFolder(): string {
  const windows = process.platform === "win32";
  const set = process.env[windows ? "LOCALAPPDATA" : "XDG_CACHE_HOME"] ?? "";
  // A relative one means another folder in each working directory: the specification ignores it.
  if (isAbsolute(set)) return set;
  return windows ? join(homedir(), "AppData", "Local") : join(homedir(), ".cache");
}
