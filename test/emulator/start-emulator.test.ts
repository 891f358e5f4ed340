import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../emulator";
import { get, start } from "./support/emulator";
import { http } from "./support/http";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-files-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["accounts", '{"tencentcloud":{"redis":[{"instanceId":"crs-1"}]}}', /password is missing$/],
  ["accounts", '{"password": "Secret1_pw" x', /wrong\.json: not JSON$/],
  ["faults", '{"when":"before","what":"explode"}', /wrong\.json: what must be one of/],
  ["faults", "Secret1_pw", /wrong\.json: not JSON$/],
])("a file of %s with %s stops the start, and the text names it", async (option, content, text) => {
  const path = join(folder, "wrong.json");
  writeFileSync(path, content);
  const error = await startEmulator({ [option]: path }).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ message: expect.stringMatching(text) });
  expect(String(error)).toContain("wrong.json");
  expect(String(error)).not.toContain("Secret1_pw");
});

test("a file that is not there, or a port that is taken, stops the start", async () => {
  const accounts = join(folder, "none.json");
  await expect(startEmulator({ accounts })).rejects.toThrow("none.json");
  const { url } = await start();
  await expect(startEmulator({ port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});

test("listens on loopback only", async () => {
  const { port } = new URL((await start()).url);
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal);
  for (const { address } of others)
    await expect(http(`http://${address}:${port}/`, { timeoutMs: 2000 })).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
});

test("close() ends open connections, and nothing listens afterwards", async () => {
  const emulator = await startEmulator({ faults: { when: "before", what: "hang" } });
  const hanging = http(emulator.url, { method: "POST" }).catch((error: { code: string }) => error);
  while ((await get(emulator, "requests")).json.length === 0);
  await emulator.close();
  expect(await hanging).toMatchObject({ code: "ECONNRESET" });
  await expect(get(emulator, "requests")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("a body larger than 10 MB is refused", async () => {
  const { url } = await start();
  const body = "x".repeat(10 * 1024 * 1024 + 1);
  expect((await http(url, { method: "POST", body })).status).toBe(413);
});
