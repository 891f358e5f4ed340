// Servers that a driver cannot cope with: the login ends in time, and the process goes on.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { DatabaseLogin } from "../../provider/verification/isolated-login";
import { startCompiled } from "../compiled";
import { startTcpServer } from "../servers";

const password = "Right-pass_1";
let child: ChildProcess;
let printed = "";

beforeAll(() => {
  child = startCompiled("verification/isolated-login-child");
  child.stderr?.on("data", (chunk: Buffer) => (printed += chunk));
});

async function logIn(kind: DatabaseLogin["kind"], answers: (socket: Socket) => void) {
  const port = await startTcpServer((socket) => {
    socket.on("error", () => undefined);
    answers(socket);
  });
  const verify = { host: "127.0.0.1", port };
  const verdict = once(child, "message");
  child.send({ kind, account: { userName: "app" }, password, verify, timeoutMs: 1000 });
  return ((await verdict) as [unknown])[0];
}

/** A message of PostgreSQL's protocol, version 3. */
function message(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

const authentication = (kind: number, rest = "") =>
  message("R", Buffer.concat([Buffer.from([0, 0, 0, kind]), Buffer.from(rest)]));
const letIn = Buffer.concat([authentication(0), message("Z", Buffer.from("I"))]);

test.each<[string, DatabaseLogin["kind"], (socket: Socket) => void]>([
  ["an error without its end, at which the driver loops for ever", "postgresql", (socket) => socket.once("data", () => socket.write(message("E", Buffer.from("SFATAL"))))],
  ["a way of asking that the driver does not know, at which it throws", "postgresql", (socket) => socket.once("data", () => socket.write(authentication(7)))],
  ["SCRAM without the server's own proof", "postgresql", (socket) => socket.once("data", () => {
    socket.once("data", () => socket.write(letIn));
    socket.write(authentication(10, "SCRAM-SHA-256\0\0"));
  })],
  ["an answer that never ends", "redis", (socket) => {
    const timer = setInterval(() => socket.write("$"), 100);
    socket.on("close", () => clearInterval(timer));
  }],
  ["an answer that is neither yes nor no", "redis", (socket) => socket.once("data", () => {
    socket.on("data", () => socket.write("$-1\r\n"));
    socket.write("-NOAUTH x\r\n");
  })],
])("%s", async (_, kind, answers) => {
  const verdict = await logIn(kind, answers);
  expect(verdict).toMatchObject({ kind: "inconclusive" });
  expect(JSON.stringify(verdict)).not.toContain(password);
  expect(child.exitCode).toBeNull();
}, 30_000); // prettier-ignore

test("a server without TLS that asks for the password in clear does not get it", async () => {
  let heard = "";
  const verdict = await logIn("postgresql", (socket) => {
    socket.on("data", (chunk) => (heard += String(chunk)));
    socket.once("data", () => socket.write(authentication(3)));
  });
  expect(verdict).toMatchObject({
    kind: "inconclusive",
    says: expect.stringContaining("PASSWORD_ASKED_WITHOUT_TLS") as string,
  });
  expect(heard).toContain("app");
  expect(heard + printed).not.toContain(password);
});
