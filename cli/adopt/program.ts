/** The program that is printed, and what its reader is to do with it. */
import type { ListedAccount } from "./accounts-csv";
import { identifiers, outputSuffix } from "./identifiers";
import { quoted } from "./quoted";

export const languages = ["typescript", "javascript"] as const;
export type Language = (typeof languages)[number];

export interface RotationInterval {
  readonly unit: "days" | "weeks" | "months";
  readonly count: number;
}

export interface Program {
  /** The file, with {@link Program.steps} as a comment at its top. */
  readonly text: string;
  /** What to do, with the commands for the present passwords. */
  readonly steps: string;
}

export function adoptingProgram(
  accounts: readonly ListedAccount[],
  { rotateEvery, language }: { rotateEvery: RotationInterval; language: Language },
): Program {
  const keys = identifiers(accounts.map(({ name }) => name));
  const steps = stepsFor(keys);
  const vendors = [...new Set(accounts.map(({ service }) => service.type.split(":")[0] ?? ""))];
  const every = `{ ${rotateEvery.unit}: ${rotateEvery.count} }`;
  const syntax = syntaxes[language];
  const declarations = accounts.map((account, index) =>
    declaration(account, keys[index] ?? "", every, syntax),
  );
  const text = [
    `/*\n${steps}*/`,
    syntax.imports([...vendors, "RotatingPassword"].sort(byLetter).join(", ")),
    "const config = new pulumi.Config();",
    ...declarations,
  ].join("\n\n");
  return { text: `${text}\n`, steps };
}

interface Syntax {
  imports(names: string): string;
  /** The beginning of a declaration of what the program gives out. */
  exported(name: string): string;
}

const syntaxes: Readonly<Record<Language, Syntax>> = {
  typescript: {
    imports: (names) => `import * as pulumi from "@pulumi/pulumi";
import { ${names} } from "pulumi-account-passwords";`,
    exported: (name) => `export const ${name}`,
  },
  javascript: {
    imports: (
      names,
    ) => `// CommonJS. For an ES module ("type": "module") take the output of \`--language typescript\`: it has no types in it.
const pulumi = require("@pulumi/pulumi");
const { ${names} } = require("pulumi-account-passwords");`,
    exported: (name) => `exports.${name}`,
  },
};

function declaration(
  { name, service, identity, generatedAt }: ListedAccount,
  key: string,
  every: string,
  syntax: Syntax,
): string {
  const className = service.type.replace(":", ".");
  const args = identity.map(([argument, value]) => `  ${argument}: ${quoted(value)},\n`).join("");
  const date = generatedAt === undefined ? "" : `\n    initialGeneratedAt: ${quoted(generatedAt)},`;
  return `const ${key} = new ${className}(${quoted(name)}, {
${args}  currentPassword: config.requireSecret(${quoted(key)}),
  password: new RotatingPassword(${quoted(name)}, {
    policy: ${className}.policy,
    rotateEvery: ${every},
    initial: config.requireSecret(${quoted(key)}),${date}
  }),
});
${syntax.exported(key + outputSuffix)} = ${key}.password;`;
}

/**
 * Nothing of the file stands here but the keys, which are letters and digits: the commands are for
 * a shell. They are joined, so that all can be pasted at once: a line that is pasted behind a
 * command which asks for a password is swallowed by it, and what is typed for the swallowed one
 * lands in the shell (seen with bash).
 */
function stepsFor(keys: readonly string[]): string {
  const what = keys.length === 1 ? "an existing account" : `${keys.length} existing accounts`;
  const commands = keys.map((key) => `pulumi config set --secret -- ${key}`).join(" &&\n");
  return `Takes over ${what}, each with the password that it has now.

1. Set the present passwords. Each command asks for one, so none ends up in the history of the
   shell. (From another program: ... | pulumi config set --secret -- ${keys[0]})

${commands}

2. pulumi preview
   Every account and every RotatingPassword is to be created, and nothing else is to change.

3. pulumi up
   It makes no call to a vendor: the passwords stay as they are, whether they were typed rightly is
   not asked, and the status of each account is "adopted". Each rotates with the first "pulumi up"
   after its nextRotation, which its RotatingPassword shows, and not at once. Where that has passed
   already it is the next one.

4. After the first rotation of an account, take its initial, initialGeneratedAt and currentPassword
   out of the program (a warning reminds of it), and its secret out of the configuration:
   pulumi config rm -- ${keys[0]}
`;
}

function byLetter(one: string, other: string): number {
  return one.toLowerCase() < other.toLowerCase() ? -1 : 1;
}
