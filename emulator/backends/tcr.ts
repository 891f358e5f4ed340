import type * as Bcrypt from "bcryptjs";
import {
  chmodSync,
  chownSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { type Backend, type BackendKind, neededPeer, Refusal, textRule } from "./backend";

/** A Docker registry that reads names and passwords from an htpasswd file. */
export interface TcrBackend {
  /** The emulated registry. */
  readonly registryId: string;
  /**
   * Path of the file, from the working directory of the emulator. The account's line, which begins
   * with `tcr$<accountName>:`, must be there. The file is replaced as a whole: into a container,
   * mount its folder.
   */
  readonly htpasswdFile: string;
}

export const tcr: BackendKind<TcrBackend> = {
  instance: "registryId",
  required: ["registryId", "htpasswdFile"],
  fields: { registryId: textRule, htpasswdFile: textRule },
  open,
};

/** As `htpasswd -B` has it. */
const bcryptCost = 5;

function open({ htpasswdFile }: TcrBackend): Backend {
  const bcrypt = neededPeer<typeof Bcrypt>("bcryptjs");
  return {
    setPassword: async ({ accountName = "" }, password) => {
      const hash = await bcrypt.hash(password, bcryptCost);
      replaceHash(realpathSync(htpasswdFile), `tcr$${accountName}`, hash);
    },
  };
}

/** In one go, so that of two changes in one file none is lost; written beside and renamed. */
function replaceHash(path: string, name: string, hash: string): void {
  const lines = readFileSync(path, "utf8").split("\n");
  if (!lines.some((line) => line.startsWith(`${name}:`)))
    throw new Refusal("the htpasswd file has no such line");
  const replaced = lines.map((line) => (line.startsWith(`${name}:`) ? `${name}:${hash}` : line));
  const beside = `${path}.${process.pid}.tmp`;
  const { mode, uid, gid } = statSync(path);
  try {
    writeFileSync(beside, replaced.join("\n"), { mode: 0o600 });
    chmodSync(beside, mode & 0o777);
    const { uid: ownUid, gid: ownGid } = statSync(beside);
    if (uid !== ownUid || gid !== ownGid) chownSync(beside, uid, gid); // or the registry could not read it
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
