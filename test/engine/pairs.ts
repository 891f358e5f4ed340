/**
 * Two accounts of each kind that has more than one in an instance, and programs that use them in
 * turn.
 */
import { accountLists } from "./accounts";
import type { AccountsFile, TestEmulator } from "./emulator";

export interface Pair {
  readonly name: string;
  readonly type: string;
  readonly className: string;
  readonly accounts: readonly [Record<string, string>, Record<string, string>];
  /** What is live when the emulator starts. */
  readonly first: readonly [string, string];
}

export const mariadb: Pair = {
  name: "app",
  type: "tencentcloud:MariadbAccountPassword",
  className: "tencentcloud.MariadbAccountPassword",
  accounts: [
    { instanceId: "tdsql-fdpjf5zh", userName: "app_a", host: "10.%" },
    { instanceId: "tdsql-fdpjf5zh", userName: "app_b", host: "10.%" },
  ],
  first: ["Live_before_a1", "Live_before_b1"],
};

export const pairs: readonly Pair[] = [
  mariadb,
  {
    name: "orders",
    type: "tencentcloud:PostgresqlAccountPassword",
    className: "tencentcloud.PostgresqlAccountPassword",
    accounts: [
      { instanceId: "postgres-lnp6j617", userName: "orders_a" },
      { instanceId: "postgres-lnp6j617", userName: "orders_b" },
    ],
    first: ["Live_before_a2", "Live_before_b2"],
  },
  {
    name: "robot",
    type: "tencentcloud:TcrServiceAccountPassword",
    className: "tencentcloud.TcrServiceAccountPassword",
    accounts: [
      { registryId: "tcr-gijwqid7", accountName: "robot-a" },
      { registryId: "tcr-gijwqid7", accountName: "robot-b" },
    ],
    first: ["LiveBeforeA3", "LiveBeforeB3"],
  },
  {
    name: "gateway",
    type: "huaweicloud:ServicecombAccountPassword",
    className: "huaweicloud.ServicecombAccountPassword",
    accounts: [
      { engineId: "engine-1", accountName: "gateway-a" },
      { engineId: "engine-1", accountName: "gateway-b" },
    ],
    first: ["Live@before_a4", "Live@before_b4"],
  },
];

export function accountsOf(all: readonly Pair[]): AccountsFile {
  const file: Record<string, Record<string, object[]>> = {};
  for (const { type, accounts, first } of all) {
    const [vendor = "", list = ""] = accountLists[type] ?? [];
    const roles = list === "servicecomb" ? { roles: ["developer"] } : {};
    ((file[vendor] ??= {})[list] ??= []).push(
      ...accounts.map((account, index) => ({ ...account, ...roles, password: first[index] })),
    );
  }
  return file as AccountsFile;
}

/** @param rotation Arguments, as the text of the program. */
export function pairProgram(all: readonly Pair[], rotation: string, takeOver = false): string {
  const lines = all.map(({ name, className, accounts, first }) => {
    const current = (index: 0 | 1) =>
      takeOver ? `, currentPassword: pulumi.secret(${JSON.stringify(first[index])})` : "";
    const [a, b] = accounts.map((account) => JSON.stringify(account));
    return `const ${name} = new AlternatingPasswords("${name}", {
  type: ${className},
  accounts: [{ ...${a}${current(0)} }, { ...${b}${current(1)} }],
  ${rotation}
});
export const ${name}Active = ${name}.active;
export const ${name}Standby = ${name}.standby.userName;`;
  });
  return `import * as pulumi from "@pulumi/pulumi";
import { AlternatingPasswords, huaweicloud, tencentcloud } from "pulumi-account-passwords";
${lines.join("\n")}
`;
}

export interface Credentials {
  readonly userName: string;
  readonly password: string;
}

/** 0 or 1: which account these credentials are of. */
export function indexOf({ accounts }: Pair, userName: unknown): 0 | 1 {
  return Object.values(accounts[0]).includes(String(userName)) ? 0 : 1;
}

export function opens(emulator: TestEmulator, pair: Pair, { userName, password }: Credentials) {
  return emulator.login(pair.type, pair.accounts[indexOf(pair, userName)], password);
}
