/** A thread for one login: it tells the verdict, and is ended whatever the driver still does. */
import { parentPort, workerData } from "node:worker_threads";
import { logInToMariadb } from "./mariadb-login";
import { logInToPostgresql } from "./postgresql-login";
import { logInToRedis } from "./redis-login";
import type { DatabaseLogin } from "./isolated-login";

const { kind, account, password, verify, timeoutMs } = workerData as DatabaseLogin;
const logins = { mariadb: logInToMariadb, postgresql: logInToPostgresql, redis: logInToRedis };

void logins[kind](account, password, verify, timeoutMs).then((verdict) =>
  parentPort?.postMessage(verdict),
);
