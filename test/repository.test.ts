// What a service needs beside its own file. Whoever adds one reads here what is still missing.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator } from "../emulator";
import { accountKinds } from "../emulator/account-record";
import { actions } from "../emulator/actions";
import * as index from "../provider";
import { services } from "../provider/services";

const root = join(__dirname, "..");

function textOf(...path: string[]): string {
  return readFileSync(join(root, ...path), "utf8");
}

/** The files of a folder, with their paths from the repository's root. */
function filesIn(folder: string, name: RegExp): string[] {
  return (readdirSync(join(root, folder), { recursive: true }) as string[])
    .filter((path) => name.test(path) && !path.includes("node_modules"))
    .map((path) => join(folder, path));
}

const all = [...services.values()].map((service) => {
  const [vendor = "", className = ""] = service.type.split(":");
  const file = filesIn(join("provider", vendor), /\.ts$/).find((path) =>
    textOf(path).includes(`export class ${className} extends AccountPassword`),
  );
  return { type: service.type, service, vendor, className, file: file ?? "none" };
});

test("there are five services, under the types that states name", () => {
  expect([...services.keys()]).toEqual([
    "tencentcloud:TcrServiceAccountPassword",
    "tencentcloud:MariadbAccountPassword",
    "tencentcloud:PostgresqlAccountPassword",
    "tencentcloud:RedisInstancePassword",
    "huaweicloud:ServicecombAccountPassword",
  ]);
});

describe.each(all)("$type", ({ type, service, vendor, className, file }) => {
  test("is a class in a file of its vendor's folder, and exported from the index", () => {
    expect(existsSync(join(root, file))).toBe(true);
    const exported = (index as unknown as Record<string, Record<string, unknown>>)[vendor]?.[
      className
    ];
    expect(typeof exported).toBe("function");
    expect((exported as { policy: unknown }).policy).toBe(service.policy);
    expect(service.policy.name).toBe(type);
    // Its arguments' type, too.
    expect(textOf("provider", vendor, "index.ts")).toContain(`${className}Args`);
  });

  test("has a test of the same name, which runs the contract", () => {
    const path = file.replace(/^provider/, "test").replace(/\.ts$/, ".test.ts");
    expect(existsSync(join(root, path))).toBe(true);
    expect(textOf(path)).toMatch(/\btestService\(\{/);
    expect(textOf(path)).toContain(`type: "${type}"`);
  });

  test("is documented: what it calls, a class example, each argument, each of its codes", () => {
    const source = textOf(file);
    const classDocs = source
      .slice(0, source.indexOf(`export class ${className}`))
      .split("/**")
      .at(-1);
    expect(classDocs).toContain(`new ${vendor}.${className}(`);
    expect(classDocs).toContain("Fails with `");
    const args = source.slice(source.indexOf(`export interface ${className}Args`));
    for (const name of [...service.identity, ...Object.keys(service.ownArguments)])
      expect(args).toMatch(new RegExp(`\\*/\\n  ${name}\\??: `));
  });

  test("is answered by the emulator, with a login and an account of the quickstart", async () => {
    const kind = accountKinds.find((each) => each.type === type)!;
    expect(kind).toBeDefined();
    expect([...kind.place, ...kind.identity]).toEqual(service.identity);
    expect(actions[kind.service].length).toBeGreaterThan(0);
    const emulator = await startEmulator();
    try {
      const accounts = (await (await fetch(`${emulator.url}/emulator/accounts`)).json()) as Record<
        string,
        Record<string, Record<string, string>[]>
      >;
      const [account] = accounts[vendor]?.[kind.list] ?? [];
      expect(account).toBeDefined();
      const login = async (password: string | undefined) => {
        const identity = Object.fromEntries(kind.identity.map((name) => [name, account?.[name]]));
        const body = JSON.stringify({ type, account: identity, password });
        return (await fetch(`${emulator.url}/emulator/login`, { method: "POST", body })).status;
      };
      expect(await login(account?.["password"])).toBe(200);
      expect(await login("another one")).toBe(401);
    } finally {
      await emulator.close();
    }
  });

  test("stands in an example", () => {
    const examples = filesIn("examples", /\.(ts|js|mjs)$/).map((path) => textOf(path));
    expect(examples.filter((text) => text.includes(`new ${vendor}.${className}(`))).not.toEqual([]);
  });

  test("has a row in the README, with its arguments, and its permissions", () => {
    const readme = textOf("README.md");
    const row = readme.split("\n").find((line) => line.startsWith(`| \`${vendor}.${className}\``));
    expect(row).toBeDefined();
    for (const name of service.identity)
      expect(row).toContain(`\`${name}${name in service.places ? "?" : ""}\``);
    // What a program calls must be granted: each action that the service's file names stands there.
    if (vendor !== "tencentcloud") return;
    const source = textOf(file);
    const [product = ""] = [...source.matchAll(/service: "(\w+)"/g)].map((match) => match[1] ?? "");
    const named = [...source.matchAll(/action: "(\w+)"/g)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(1);
    for (const action of named) expect(readme).toContain(`\`${product}:${action}\``);
  });
});

// A change here *replaces* every `RandomPassword` that was made with these arguments, so it rotates the passwords of
// every user of `@pulumi/random`. Only a new major version may do that.
test("the arguments for RandomPassword are frozen", () => {
  const classes = {
    lower: true,
    upper: true,
    numeric: true,
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
  };
  const symbols = { special: true, minSpecial: 1 };
  const golden = {
    "tencentcloud:TcrServiceAccountPassword": {
      length: 20,
      ...classes,
      special: false,
      minSpecial: 0,
    },
    "tencentcloud:MariadbAccountPassword": {
      length: 24,
      ...classes,
      ...symbols,
      overrideSpecial: "!#%*-+=_:.?",
    },
    "tencentcloud:PostgresqlAccountPassword": {
      length: 24,
      ...classes,
      ...symbols,
      overrideSpecial: "!#%*-+=_:.?",
    },
    "tencentcloud:RedisInstancePassword": {
      length: 24,
      ...classes,
      ...symbols,
      overrideSpecial: "!#%*-+=_:.?",
    },
    "huaweicloud:ServicecombAccountPassword": {
      length: 24,
      ...classes,
      ...symbols,
      overrideSpecial: "-~!@#%^*_=+?",
    },
  };
  const actual = all.map(
    ({ type, service }) => [type, service.policy.randomPasswordArgs()] as const,
  );
  expect(Object.fromEntries(actual)).toEqual(golden);
});

test("only one file of the provider talks HTTP", () => {
  const importing = filesIn("provider", /\.ts$/).filter((path) =>
    /["']axios["']/.test(textOf(path)),
  );
  expect(importing).toEqual([join("provider", "http.ts")]);
});

test("what production runs does not know the emulator", () => {
  for (const path of filesIn("provider", /\.ts$/))
    expect(textOf(path)).not.toMatch(/from "[./]+emulator/);
});

test("the entry that states name is a path of the package's exports", () => {
  const { name, exports } = JSON.parse(textOf("package.json")) as {
    name: string;
    exports: Record<string, unknown>;
  };
  expect(name).toBe("pulumi-account-passwords");
  expect(Object.keys(exports)).toEqual([".", "./provider", "./package.json"]);
});
