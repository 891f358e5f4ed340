// What listens and is no such server: each login ends in time, and says nothing of the password.
import type { Socket } from "node:net";
import { logInToMariadb } from "../../provider/verification/mariadb-login";
import { logInToPostgresql } from "../../provider/verification/postgresql-login";
import { logInToRedis } from "../../provider/verification/redis-login";
import { logInToRegistry } from "../../provider/verification/registry-login";
import type { Verdict, Verify } from "../../provider/verification/verification";
import { startTcpServer } from "../servers";

const password = "Right-pass_1";
const timeoutMs = 699.5;
const logins: Readonly<Record<string, (verify: Verify) => Promise<Verdict>>> = {
  MariaDB: (verify) => logInToMariadb({ userName: "app" }, password, verify, timeoutMs),
  PostgreSQL: (verify) => logInToPostgresql({ userName: "app" }, password, verify, timeoutMs),
  Redis: (verify) => logInToRedis({}, password, verify, timeoutMs),
  registry: (verify) =>
    logInToRegistry("robot", password, verify, { timeoutMs, onlyLoopback: true }),
};
const behaviours: Readonly<Record<string, (socket: Socket) => void>> = {
  "says nothing": () => undefined,
  "hangs up at once": (socket) => socket.destroy(),
  "hangs up when it is spoken to": (socket) => socket.once("data", () => socket.destroy()),
  "speaks HTTP": (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
  "speaks nonsense": (socket) => socket.end(Buffer.alloc(5000, 0xff)),
  "repeats what it hears": (socket) => socket.pipe(socket),
};
const cases = Object.keys(logins).flatMap((kind) =>
  [undefined, true].flatMap((tls) =>
    Object.keys(behaviours).map((behaviour) => ({ kind, behaviour, tls })),
  ),
);

test.each(cases)("$kind, that $behaviour (tls: $tls)", async ({ kind, behaviour, tls }) => {
  const port = await startTcpServer((socket) => {
    socket.on("error", () => undefined);
    behaviours[behaviour]?.(socket);
  });
  const started = performance.now();
  const verify = { host: "localhost", port, ...(tls === undefined ? {} : { tls }) };
  const verdict = await logins[kind]!(verify);
  expect(verdict).toMatchObject({ kind: "inconclusive" });
  expect(JSON.stringify(verdict)).not.toContain(password);
  expect(performance.now() - started).toBeLessThan(timeoutMs + 5000);
});
