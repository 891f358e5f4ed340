import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";

/**
 * Where the accounts are kept over restarts. It holds live passwords: mode 0600, and written beside
 * and renamed, so that neither a killed emulator nor a reader ever meets half of it.
 */
export class StateFile {
  constructor(readonly path: string) {}

  /** What was last written, or `undefined` where nothing was. */
  read(): unknown {
    if (!existsSync(this.path)) return undefined;
    return JSON.parse(readFileSync(this.path, "utf8"));
  }

  write(json: unknown): void {
    const beside = `${this.path}.${process.pid}.tmp`;
    const file = openSync(beside, "w", 0o600);
    try {
      writeSync(file, JSON.stringify(json, undefined, 2) + "\n");
    } finally {
      closeSync(file);
    }
    renameSync(beside, this.path);
  }
}
