// A program, in a process of its own: prints how long it took until the engine had its first resource, and how long it is busy
// with each further one. Argument: what is declared. The engine's monitor is the SDK's mock: no network, no command line.
const { createRequire } = require("node:module");
const pulumi = require("@pulumi/pulumi");

// As the SDK does it for every program. It makes each stack trace slower, and the SDK takes one for each property of a resource.
createRequire(require.resolve("@pulumi/pulumi"))("source-map-support/register");

const further = 200;

const [, , form] = process.argv;

let stopWatch;
const registered = new Promise((resolve) => (stopWatch = resolve));

void main();

async function main() {
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource: ({ type, name, inputs }) => {
      if (type.startsWith("pulumi-nodejs:")) stopWatch(performance.now());
      return { id: name, state: inputs };
    },
  });
  const { declare, requireMs } = forms[form]();
  const figures = { requireMs };
  let started;
  // In a stack, as every real program: the duplicate check and the configuration check need one.
  await pulumi.runtime.runInPulumiStack(async () => {
    started = performance.now();
    declare("first");
    figures.constructorMs = performance.now() - started;
    figures.registeredMs = (await registered) - started;
    const before = performance.now();
    for (let i = 0; i < further; i++) declare(`further-${i}`);
    figures.furtherMs = (performance.now() - before) / further;
  });
  figures.axios = Object.keys(require.cache).some((file) =>
    /[\\/]node_modules[\\/]axios[\\/]/.test(file),
  );
  console.log(JSON.stringify(figures));
}

const forms = {
  package() {
    const started = performance.now();
    const { tencentcloud } = require("pulumi-account-passwords");
    const requireMs = performance.now() - started;
    const { PostgresqlAccountPassword } = tencentcloud;
    const args = { region: "ap-guangzhou", userName: "app" };
    const password = pulumi.secret("Bench+password1");
    return {
      requireMs,
      declare: (name) =>
        new PostgresqlAccountPassword(name, { ...args, instanceId: name, password }),
    };
  },

  /** What the guides show: a class whose closure the SDK serializes into the state. */
  closure() {
    const axios = require("axios");
    const crypto = require("node:crypto");
    class Provider {
      async create(inputs) {
        const payload = JSON.stringify({ UserName: inputs.userName, Password: inputs.password });
        const digest = crypto.createHash("sha256").update(payload).digest("hex");
        const { data } = await axios.post(inputs.url, payload, { headers: { digest } });
        return { id: data.RequestId, outs: inputs };
      }
      async update(_id, _olds, news) {
        await axios.post(news.url, JSON.stringify({ Password: news.password }));
        return { outs: news };
      }
    }
    class Account extends pulumi.dynamic.Resource {}
    // Copied each time: the SDK writes the code into it.
    const args = { url: "https://localhost", userName: "app", password: pulumi.secret("password") };
    const provider = new Provider(); // one for all: each would be serialized again
    return { declare: (name) => new Account(provider, name, { ...args }) };
  },

  /** The floor: the SDK's own work for a first resource. */
  empty() {
    const { Empty } = require("./empty-provider/resource");
    return { declare: (name) => new Empty(name) };
  },
};
