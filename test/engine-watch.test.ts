import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import type * as engineWatch from "../provider/engine-watch";
import type * as http from "../provider/http";
import { startCompiled } from "./compiled";
import type { FakeEngine } from "./provider-host";
import { startFakeEngine } from "./provider-host";
import { closedPort, startHttpServer } from "./servers";

type Modules = typeof engineWatch & typeof http;

const engines: FakeEngine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.kill();
});

async function fakeEngine(): Promise<FakeEngine> {
  const engine = await startFakeEngine();
  engines.push(engine);
  return engine;
}

/** As in a process of its own: the engine is remembered in the module. */
function newProcess(): Modules {
  let modules: Modules | undefined;
  jest.isolateModules(() => {
    modules = {
      ...(require("../provider/engine-watch") as typeof engineWatch),
      ...(require("../provider/http") as typeof http),
    };
  });
  return modules as Modules;
}

describe("watchEngine", () => {
  test("sees the engine go", async () => {
    const { watchEngine } = newProcess();
    const engine = await fakeEngine();
    const gone = new Promise<void>((resolve) => watchEngine(engine.address, resolve));
    await engine.kill();
    await gone;
  });

  test("sees an engine that is gone already", async () => {
    const { watchEngine } = newProcess();
    const address = `127.0.0.1:${await closedPort()}`;
    await new Promise<void>((resolve) => watchEngine(address, resolve));
  });

  test("takes a closed connection for no end, and connects again", async () => {
    const { watchEngine, assertEngineLives } = newProcess();
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const onGone = jest.fn();
    const connected = once(server, "connection");
    watchEngine(`127.0.0.1:${(server.address() as AddressInfo).port}`, onGone);
    await connected;
    for (const end of ["end", "destroy", "resetAndDestroy"] as const) {
      const again = once(server, "connection");
      sockets.at(-1)?.[end]();
      await again;
    }
    await assertEngineLives();
    expect(onGone).not.toHaveBeenCalled();

    const gone = new Promise<void>((resolve) => onGone.mockImplementation(resolve));
    server.close();
    sockets.forEach((socket) => socket.destroy());
    await gone;
    expect(onGone).toHaveBeenCalledTimes(1);
  });

  test("watches the first address only", async () => {
    const { watchEngine, assertEngineLives } = newProcess();
    const engine = await fakeEngine();
    watchEngine(engine.address, () => undefined);
    watchEngine(`127.0.0.1:${await closedPort()}`, () => undefined);
    await assertEngineLives();
  });

  test.each([
    "",
    "no-engine",
    "PORT",
    "127.0.0.1",
    "127.0.0.1:",
    ":PORT",
    "http://127.0.0.1:PORT",
    "127.0.0.1:PORT/",
    " 127.0.0.1:PORT",
    "127.0.0.2:PORT",
    "engine.example:PORT",
    "test.js",
    "--watch",
  ])("does not watch %p", async (template) => {
    const { watchEngine, assertEngineLives } = newProcess();
    // Were it watched, it would be found to be gone.
    const onGone = jest.fn();
    watchEngine(template.replace("PORT", String(await closedPort())), onGone);
    await assertEngineLives();
    expect(onGone).not.toHaveBeenCalled();
  });
});

describe("assertEngineLives", () => {
  test.each(["127.0.0.1", "localhost"])("passes while the engine listens at %s", async (host) => {
    const { watchEngine, assertEngineLives } = newProcess();
    const { address } = await fakeEngine();
    watchEngine(address.replace("127.0.0.1", host), () => undefined);
    await assertEngineLives();
    await assertEngineLives();
  });

  test.each(["127.0.0.1", "localhost"])(
    "fails when nobody listens at %s any more",
    async (host) => {
      const { watchEngine, assertEngineLives } = newProcess();
      watchEngine(`${host}:${await closedPort()}`, () => undefined);
      await expect(assertEngineLives()).rejects.toMatchObject({
        code: "ENGINE_GONE",
        message: expect.stringContaining("nothing was sent"),
      });
    },
  );
});

describe("send", () => {
  test("sends while the engine lives, and nothing when it is gone", async () => {
    const { watchEngine, send } = newProcess();
    const engine = await fakeEngine();
    const server = await startHttpServer((_request, response) => response.end("{}"));
    const request = { method: "POST", url: server.url, headers: {}, body: "1" } as const;
    watchEngine(engine.address, () => undefined);
    await send({ ...request, timeoutMs: 10_000 });
    expect(server.requests).toHaveLength(1);

    await engine.kill();
    await expect(send({ ...request, timeoutMs: 10_000 })).rejects.toMatchObject({
      code: "ENGINE_GONE",
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe("a provider process", () => {
  test("ends when its engine does, whatever it is busy with", async () => {
    const engine = await fakeEngine();
    const child = startCompiled("engine-watch-child", [engine.address, "busy"]);
    const exited = once(child, "exit");
    await once(child, "message");
    await engine.kill();
    expect(await exited).toEqual([1, null]);
  }, 60_000);

  test("is not kept alive by its watching", async () => {
    const engine = await fakeEngine();
    const child = startCompiled("engine-watch-child", [engine.address]);
    expect(await once(child, "exit")).toEqual([0, null]);
  }, 60_000);
});
