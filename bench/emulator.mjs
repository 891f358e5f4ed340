// The package's own emulator, in this process, with the routes that the bench asks.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export async function startEmulator(accounts) {
  const { startEmulator: start } = require("../dist/emulator/index.js");
  const { url, environment, close } = await start({ accounts });
  return {
    environment,
    close,
    requests: async () => (await fetch(`${url}/emulator/requests`)).json(),
    reset: () => fetch(`${url}/emulator/reset`, { method: "POST" }),
  };
}
