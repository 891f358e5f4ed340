// Where things lie: the checkout, and the folder outside of it that keeps what is expensive to get.
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Shared by all checkouts of a user, so that the Pulumi command line is downloaded or built once. */
export const cacheFolder = join(cacheHome(), "pulumi-account-passwords");

export const pulumiHome = process.env.PULUMI_HOME || join(homedir(), ".pulumi");

function cacheHome() {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  if (process.platform === "win32" && process.env.LOCALAPPDATA) return process.env.LOCALAPPDATA;
  return join(homedir(), ".cache");
}
