/** The emulator's five accounts, and programs that declare them. */
import type { TestEmulator } from "./emulator";

export interface KnownAccount {
  /** The resource's name in the programs of these tests. */
  readonly name: string;
  readonly type: string;
  readonly account: Record<string, string>;
  /** What is live when the emulator starts. */
  readonly first: string;
  /** What the program's class is called. */
  readonly className: string;
}

export const five: readonly KnownAccount[] = [
  {
    name: "robot",
    type: "tencentcloud:TcrServiceAccountPassword",
    className: "tencentcloud.TcrServiceAccountPassword",
    account: { registryId: "tcr-gijwqid7", accountName: "robot" },
    first: "OldPass123",
  },
  {
    name: "app",
    type: "tencentcloud:MariadbAccountPassword",
    className: "tencentcloud.MariadbAccountPassword",
    account: { instanceId: "tdsql-fdpjf5zh", userName: "app", host: "10.%" },
    first: "abcd8765_.",
  },
  {
    name: "orders",
    type: "tencentcloud:PostgresqlAccountPassword",
    className: "tencentcloud.PostgresqlAccountPassword",
    account: { instanceId: "postgres-lnp6j617", userName: "app" },
    first: "1234Qwer()",
  },
  {
    name: "cache",
    type: "tencentcloud:RedisInstancePassword",
    className: "tencentcloud.RedisInstancePassword",
    account: { instanceId: "crs-5a4p1234" },
    first: "zy45Old_pw",
  },
  {
    name: "alice",
    type: "huaweicloud:ServicecombAccountPassword",
    className: "huaweicloud.ServicecombAccountPassword",
    account: { engineId: "engine-1", accountName: "alice" },
    first: "Alice@123x",
  },
];

/** Where the emulator's accounts file lists each type. */
export const accountLists: Readonly<Record<string, readonly [vendor: string, list: string]>> = {
  "tencentcloud:TcrServiceAccountPassword": ["tencentcloud", "tcr"],
  "tencentcloud:MariadbAccountPassword": ["tencentcloud", "mariadb"],
  "tencentcloud:PostgresqlAccountPassword": ["tencentcloud", "postgresql"],
  "tencentcloud:RedisInstancePassword": ["tencentcloud", "redis"],
  "huaweicloud:ServicecombAccountPassword": ["huaweicloud", "servicecomb"],
};

export function named(name: string): KnownAccount {
  const found = five.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no account "${name}"`);
  return found;
}

/** Passwords that every policy allows, made of a number so that tests can tell them apart. */
export function chosen(account: KnownAccount, n: number): string {
  const symbol = account.type.includes("Tcr") ? "" : "+";
  return `Canary${symbol}${account.name}${n}x9`;
}

export const imports = `import * as pulumi from "@pulumi/pulumi";
import { huaweicloud, RotatingPassword, tencentcloud } from "pulumi-account-passwords";
const config = new pulumi.Config();
`;

/** Declares the accounts with passwords of the stack's configuration: `<name>` holds each. */
export function configuredProgram(
  accounts: readonly KnownAccount[] = five,
  more: Record<string, string> = {},
): string {
  const lines = accounts.map(({ name, className, account }) => {
    const args = { ...account };
    const extra = more[name] ?? "";
    return `export const ${name} = new ${className}("${name}", { ...${JSON.stringify(args)}, password: config.requireSecret("${name}"), ${extra} });`;
  });
  return `${imports}${lines.join("\n")}\n`;
}

/** Declares the accounts with a `RotatingPassword` each, of the same name. */
export function generatedProgram(
  rotation: string,
  accounts: readonly KnownAccount[] = five,
  more: Record<string, string> = {},
): string {
  const lines = accounts.map(({ name, className, account }) => {
    const extra = more[name] ?? "";
    return `export const ${name} = new ${className}("${name}", {
  ...${JSON.stringify(account)},
  password: new RotatingPassword("${name}-password", { policy: ${className}.policy, ${rotation} }),
  ${extra}
});`;
  });
  return `${imports}${lines.join("\n")}\n`;
}

export function logsIn(
  emulator: TestEmulator,
  { type, account }: KnownAccount,
  password: unknown,
): Promise<boolean> {
  return emulator.login(type, account, String(password));
}
