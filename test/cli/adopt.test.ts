import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { UsageError } from "../../cli/arguments";
import { adoptCsv, keysOf, newFolder, runAdopt } from "./adopt/run-adopt";

const root = join(__dirname, "..", "..");
const example = join(root, "examples", "take-over");
const one = "type,name,instanceId\nredis,cache,crs-1\n";

beforeEach(() => {
  process.env["ACCOUNT_PASSWORDS_NOW"] = "2026-06-01";
});
afterEach(() => {
  delete process.env["ACCOUNT_PASSWORDS_NOW"];
});

test("adopt() prints the program of examples/take-over, which the formatter leaves as it is", async () => {
  const { status, stdout, stderr } = await runAdopt(["--from", join(example, "accounts.csv")]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(readFileSync(join(example, "index.ts"), "utf8"));
  expect(keysOf(stdout)).toEqual(["robot", "app", "ordersDb", "cache", "alice"]);
});

test("adopt() reads a file as spreadsheets write it: byte order mark, CRLF, quoted cells", async () => {
  const { stdout } = await adoptCsv(
    '\ufeff"type","name","instanceId","userName"\r\n"PostgresqlAccountPassword","orders, ""old""\r\nones","postgres-1","app"\r\n',
  );
  expect(stdout).toContain(
    'const ordersOldOnes = new tencentcloud.PostgresqlAccountPassword("orders, \\"old\\"\\r\\nones", {',
  );
});

test("adopt() reads standard input, and names it in errors", async () => {
  expect((await runAdopt(["--from", "-"], one)).stdout).toContain('"crs-1"');
  expect(await runAdopt(["--from", "-"], "type,name\nredis,a\n")).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "pulumi-account-passwords: standard input, line 2, column instanceId: empty, and RedisInstancePassword needs it\n",
  });
});

test("adopt() writes --out only where there is no file, and prints what to do next", async () => {
  const out = join(newFolder(), "index.ts");
  const { status, stdout } = await adoptCsv(one, "--out", out);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Wrote .*index\.ts\. Takes over an existing account/);
  expect(keysOf(stdout)).toEqual(["cache"]);
  expect(stdout).not.toContain("import");
  expect(readFileSync(out, "utf8")).toBe((await adoptCsv(one)).stdout);

  writeFileSync(out, "edited");
  const again = await adoptCsv(one, "--out", out);
  expect([again.status, again.stdout]).toEqual([1, ""]);
  expect(again.stderr).toContain("it exists already");
  expect(readFileSync(out, "utf8")).toBe("edited");
});

test("adopt() takes the period, and the language", async () => {
  const { stdout } = await adoptCsv(one, "--rotate-every", "3m", "--language", "javascript");
  expect(stdout).toContain("rotateEvery: { months: 3 },");
  expect(stdout).toContain('const pulumi = require("@pulumi/pulumi");');
  expect(stdout).toContain("exports.cachePassword = cache.password;");
  expect(stdout).not.toMatch(/^(import|export) /m);
});

test("adopt() prints all errors on standard error, and nothing on standard output", async () => {
  const out = join(newFolder(), "index.ts");
  const { status, stdout, stderr } = await adoptCsv(
    "type,name,instanceId,generatedAt,color\nredis,a,,2026-06-02,\n",
    "--out",
    out,
  );
  expect([status, stdout]).toEqual([1, ""]);
  expect(
    stderr.match(/^pulumi-account-passwords: .*accounts\.csv, line \d, column /gm),
  ).toHaveLength(3);
  expect(existsSync(out)).toBe(false);
});

test("adopt() says what is wrong with a file that it cannot read", async () => {
  const missing = await runAdopt(["--from", "none.csv"]);
  expect(missing).toMatchObject({ status: 1, stdout: "" });
  expect(missing.stderr).toContain("cannot read none.csv: ENOENT");
  const utf16 = await adoptCsv(Buffer.from(`\ufeff${one}`, "utf16le"));
  expect(utf16).toMatchObject({ status: 1, stdout: "" });
  expect(utf16.stderr).toContain("is not UTF-8");
});

test("adopt() tells misuse from a bad file, and helps", async () => {
  await expect(runAdopt(["--form", "a.csv"])).rejects.toThrow(UsageError);
  const help = await runAdopt(["--help"]);
  expect(help).toMatchObject({ status: 0, stderr: "" });
  expect(help.stdout).toContain("Usage: pulumi-account-passwords adopt --from");
});

describe("whatever stands in the cells", () => {
  const hostile = [
    `"); process.exit(9); ("`,
    `*/ process.exit(9); /*`,
    "x\n*/ process.exit(9)\n// y",
    "${process.exit(9)}`",
    "\u2028process.exit(9)",
    "; rm -rf ~ #",
    "$(reboot)",
    "\u202e default",
    "default",
    "import",
    "pulumi",
    "config",
    "ordersPassword",
    "orders",
    "1st",
    "订单库",
  ];
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const csv = `type,name,registryId,accountName,region\n${hostile
    .map((text) => ["tcr", text, "tcr-1", text, text].map(cell).join(","))
    .join("\n")}\n`;

  test.each(["typescript", "javascript"])(
    "the %s program consists of the same statements",
    async (language) => {
      const { stdout } = await adoptCsv(csv, "--language", language);
      const file = ts.createSourceFile(
        language === "typescript" ? "index.ts" : "index.js",
        stdout,
        ts.ScriptTarget.ES2022,
        true,
      );
      const declared = file.statements.map((each) => ts.SyntaxKind[each.kind]);
      const exported = language === "typescript" ? "FirstStatement" : "ExpressionStatement";
      expect(declared).toEqual([
        ...(language === "typescript"
          ? ["ImportDeclaration", "ImportDeclaration"]
          : ["FirstStatement", "FirstStatement"]),
        "FirstStatement",
        ...hostile.flatMap(() => ["FirstStatement", exported]),
      ]);
      const texts: string[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isStringLiteral(node)) texts.push(node.text);
        ts.forEachChild(node, visit);
      };
      visit(file);
      for (const text of hostile)
        expect(texts.filter((each) => each === text).length).toBeGreaterThanOrEqual(4);
      // What a reader sees is what runs.
      expect(stdout).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]|[^\P{Cc}\n]/u);
    },
  );

  test("the commands are harmless for a shell", async () => {
    const { stdout } = await adoptCsv(csv);
    const keys = keysOf(stdout);
    expect(keys).toHaveLength(hostile.length);
    for (const key of keys) expect(key).toMatch(/^[\p{L}\p{N}_]+$/u);
    expect(new Set(keys).size).toBe(keys.length);
    // The comment with them ends where it should.
    expect(stdout.indexOf("*/")).toBe(stdout.indexOf("*/\n\nimport "));
  });

  test("the program compiles", async () => {
    const { stdout } = await adoptCsv(csv, "--rotate-every", "3m");
    expect(compile(stdout)).toEqual([]);
    expect(compile(stdout.replaceAll("registryId:", "registryIdd:"))).not.toEqual([]);
  }, 120_000);
});

/** What the compiler has to say, with this package as the sources have it. */
function compile(program: string): string[] {
  const name = join(example, "printed.ts");
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ["node"],
    strict: true,
    noUnusedLocals: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    paths: { "pulumi-account-passwords": [join(root, "provider", "index.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => file === name || fileExists(file);
  host.readFile = (file) => (file === name ? program : readFile(file));
  host.getSourceFile = (file, version, ...more) =>
    file === name
      ? ts.createSourceFile(file, program, version)
      : getSourceFile(file, version, ...more);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
