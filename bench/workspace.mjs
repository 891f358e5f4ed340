// A stack in a temporary folder: program, state and PULUMI_HOME of its own, nothing of the user's.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { root } from "../tools/places.mjs";
import { onInterrupt } from "../tools/run.mjs";
import { watchProvider } from "./memory.mjs";

const links = {
  "@pulumi/pulumi": join(root, "node_modules", "@pulumi", "pulumi"),
  axios: join(root, "node_modules", "axios"),
};

/**
 * Copies, as an installation has them: the state holds the paths of the files that a resource was
 * declared in, relative to the program.
 */
const copies = {
  "pulumi-account-passwords/package.json": join(root, "package.json"),
  "pulumi-account-passwords/dist/provider": join(root, "dist", "provider"),
  "bench-empty": join(root, "bench", "empty-provider"),
};

export class Workspace {
  #folder = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), "account-passwords-bench-"));
  #program = join(this.#folder, "program");
  #pulumi;
  #env;
  #forget;

  /**
   * @param {string} pulumi The folder of the command line
   * @param {string} program The name of a file in bench/programs, without `.js`
   * @param {Record<string, string>} env For every command
   */
  constructor(pulumi, program, env) {
    this.#pulumi = pulumi;
    this.#env = env;
    this.#forget = onInterrupt(() => this.#remove());
    fs.cpSync(join(root, "bench", "programs"), this.#program, { recursive: true });
    this.#write("Pulumi.yaml", {
      name: "bench",
      runtime: { name: "nodejs", options: { typescript: false } },
    });
    this.#write("package.json", { private: true, main: `${program}.js` });
    const modules = join(this.#program, "node_modules");
    for (const [name, source] of Object.entries(copies))
      fs.cpSync(source, join(modules, name), { recursive: true });
    fs.mkdirSync(join(modules, "@pulumi"));
    for (const [name, target] of Object.entries(links))
      fs.symlinkSync(target, join(modules, name), "junction");
    fs.mkdirSync(join(this.#folder, "state"));
  }

  /** Makes the stack, with secrets in its configuration. */
  async init(secrets) {
    await this.pulumi(["stack", "init", "bench", "--secrets-provider", "passphrase"]);
    const pairs = Object.entries(secrets).flatMap(([key, value]) => [
      "--secret",
      `${key}=${value}`,
    ]);
    await this.pulumi(["config", "set-all", "--stack=bench", ...pairs]);
  }

  /**
   * Runs a command of Pulumi to its end.
   *
   * @returns {Promise<{ seconds: number; output: string; providerKiB: number }>} `providerKiB`: the
   *   most memory that its provider process ever held; 0 where that cannot be seen
   */
  async pulumi(args, env = {}) {
    const started = performance.now();
    const child = spawn(join(this.#pulumi, "pulumi"), [...args, "--non-interactive"], {
      cwd: this.#program,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...this.#baseEnv(), ...this.#env, ...env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    const closed = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    const forget = onInterrupt((signal) => {
      child.kill(signal); // it ends what it has started, and writes into the folder until then
      return closed.then(() => this.#remove());
    });
    const memory = watchProvider(child.pid);
    const code = await closed;
    const seconds = (performance.now() - started) / 1000;
    const providerKiB = memory.stop();
    forget();
    if (code === 0) return { seconds, output, providerKiB };
    throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
  }

  /** The state file as it lies on the disk. */
  rawState() {
    return fs.readFileSync(
      join(this.#folder, "state", ".pulumi", "stacks", "bench", "bench.json"),
      "utf8",
    );
  }

  close() {
    this.#forget();
    this.#remove();
  }

  #remove() {
    fs.rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #write(name, content) {
    fs.writeFileSync(join(this.#program, name), JSON.stringify(content)); // JSON is YAML as well
  }

  #baseEnv() {
    return {
      PATH: [this.#pulumi, dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: this.#folder,
      PULUMI_HOME: join(this.#folder, "pulumi"),
      PULUMI_BACKEND_URL: `file://${join(this.#folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      BENCH_RELEASE: "1",
    };
  }
}
