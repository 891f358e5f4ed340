/** Where the text of an export comes from. */
import { spawn } from "node:child_process";
import { fstatSync, readFileSync } from "node:fs";

export type Source =
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "input" }
  /** `undefined`: the stack that is selected in this folder. */
  | { readonly kind: "pulumi"; readonly stack?: string }
  /** What is piped in, if anything is; else as Pulumi says. */
  | { readonly kind: "inputOrPulumi" };

/** After so long a wait for standard input the user is told what is being waited for. */
const patienceMs = 3000;

/**
 * The export's text.
 *
 * @throws An error that says in one line why there is none.
 */
export async function readSource(source: Source): Promise<string> {
  switch (source.kind) {
    case "file":
      return decoded(contentOf(source.file));
    case "input":
      return readInput();
    case "pulumi":
      return askPulumi(source.stack);
    case "inputOrPulumi":
      return (isPiped() ? await readInput() : "").trim() || askPulumi(undefined);
  }
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** A terminal and `/dev/null` are no input; nothing at all is none either. */
function isPiped(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isSocket() || input.isFile();
  } catch {
    return false;
  }
}

async function readInput(): Promise<string> {
  const timer = setTimeout(() => {
    process.stderr.write(
      "pulumi-account-passwords: waiting for an export on standard input (--stack or --file read none)\n",
    );
  }, patienceMs);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    clearTimeout(timer);
    chunks.push(chunk);
  }
  clearTimeout(timer);
  return decoded(Buffer.concat(chunks));
}

function askPulumi(stack: string | undefined): Promise<string> {
  const args = ["stack", "export", "--non-interactive", ...(stack ? ["--stack", stack] : [])];
  return new Promise((resolve, reject) => {
    // What it complains of goes to the terminal as it is.
    const child = spawn("pulumi", args, { stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", (error: NodeJS.ErrnoException) => {
      const why =
        error.code === "ENOENT" ? "the Pulumi command line is not on the PATH" : error.code;
      reject(
        new Error(
          `cannot run \`pulumi stack export\`: ${why}; give its output with --file, or on standard input`,
        ),
      );
    });
    child.once("close", (code, signal) => {
      if (code === 0) resolve(decoded(Buffer.concat(chunks)));
      else reject(new Error(`\`pulumi ${args.join(" ")}\` ended with ${code ?? signal}`));
    });
  });
}

/** UTF-8, or what `>` of Windows PowerShell writes. */
function decoded(content: Buffer): string {
  const utf16 = content[0] === 0xff && content[1] === 0xfe;
  return new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(content);
}
