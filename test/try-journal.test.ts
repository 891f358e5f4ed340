import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import { join, relative } from "node:path";
import { tryJournal } from "../provider/try-journal";

const before = process.env["XDG_CACHE_HOME"] ?? os.tmpdir();
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(before, "journal-"));
  process.env["XDG_CACHE_HOME"] = cache;
});
afterAll(() => (process.env["XDG_CACHE_HOME"] = before));

const noon = "2026-03-01T12:00:00.000Z";
const later = "2026-03-01T12:20:00.000Z";
const always = () => true;
const never = () => false;
const folder = () => join(cache, "pulumi-account-passwords", "wrong-tries");
const files = () => readdirSync(folder());
const contents = () => files().map((name) => readFileSync(join(folder(), name), "utf8"));
const journal = (...account: string[]) => {
  const found = tryJournal(...account);
  if (found === undefined) throw new Error("no journal");
  return found;
};

test("a try is written down: only its time, for its owner only, under a name that tells nothing", () => {
  expect(journal("host", "engine-1", "alice").begin(noon, always)).toBeUndefined();
  expect(contents()).toEqual([noon]);
  expect(files()[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(join(folder(), files()[0] ?? "")).mode & 0o777).toBe(0o600);
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
});

test("another process sees it, until it is ended", () => {
  journal("host", "engine-1", "alice").begin(noon, always);
  expect(journal("host", "engine-1", "alice").begin(later, always)).toBe(Date.parse(noon));
  expect(contents()).toEqual([noon]);
  journal("host", "engine-1", "alice").end();
  expect(files()).toEqual([]);
  expect(journal("host", "engine-1", "alice").begin(later, always)).toBeUndefined();
});

test("one that does not block any more is replaced", () => {
  journal("one").begin(noon, always);
  expect(journal("one").begin(later, never)).toBeUndefined();
  expect(contents()).toEqual([later]);
});

test.each([
  [["other", "engine-1", "alice"]],
  [["host", "engine-2", "alice"]],
  [["host", "engine-1", "bob"]],
  [["host", "engine-1alice"]],
])("%j is another account", (account) => {
  journal("host", "engine-1", "alice").begin(noon, always);
  expect(journal(...account).begin(noon, always)).toBeUndefined();
});

test("a file that was just created counts from its creation", () => {
  journal("one").begin(noon, always);
  writeFileSync(join(folder(), files()[0] ?? ""), "");
  expect(Date.now() - Number(journal("one").begin(noon, always))).toBeLessThan(60_000);
});

test("a folder that cannot be written changes nothing", () => {
  mkdirSync(join(cache, "pulumi-account-passwords"));
  writeFileSync(folder(), "a file in its place");
  expect(journal("one").begin(noon, always)).toBeUndefined();
  journal("one").end();
  expect(journal("one").begin(noon, always)).toBeUndefined();
});

test.each([
  ["no folder is named", () => ""],
  ["the name is relative: another folder in each working directory", () => relative(".", cache)],
])("where %s it is the home folder's", (_what, named) => {
  process.env["XDG_CACHE_HOME"] = named();
  const home = jest.spyOn(os, "homedir").mockReturnValue(join(cache, "home"));
  journal("one").begin(noon, always);
  home.mockRestore();
  cache = join(cache, "home", ".cache");
  expect(contents()).toEqual([noon]);
});
