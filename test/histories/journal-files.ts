/** The files of one machine, as far as the journal of tries uses them: they outlive its processes. */
export class JournalFiles {
  readonly #files = new Map<string, string>();

  /** In the place of `node:fs`. */
  readonly fs = {
    mkdirSync: () => undefined,
    readFileSync: (path: string): string => {
      const text = this.#files.get(path);
      if (text === undefined) throw new Error(`ENOENT ${path}`);
      return text;
    },
    writeFileSync: (path: string, text: string, { flag = "w" }: { flag?: string } = {}) => {
      if (flag === "wx" && this.#files.has(path)) throw new Error(`EEXIST ${path}`);
      this.#files.set(path, text);
    },
    renameSync: (from: string, to: string) => {
      this.#files.set(to, this.fs.readFileSync(from));
      this.#files.delete(from);
    },
    rmSync: (path: string) => void this.#files.delete(path),
  };
}
