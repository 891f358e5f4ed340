// Before each test file: a cache folder of its own, so that no test reads or leaves anything in the developer's.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "account-passwords-cache-"));
process.env["XDG_CACHE_HOME"] = folder;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
