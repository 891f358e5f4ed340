/*
Takes over 5 existing accounts, each with the password that it has now.

1. Set the present passwords. Each command asks for one, so none ends up in the history of the
   shell. (From another program: ... | pulumi config set --secret -- robot)

pulumi config set --secret -- robot &&
pulumi config set --secret -- app &&
pulumi config set --secret -- ordersDb &&
pulumi config set --secret -- cache &&
pulumi config set --secret -- alice

2. pulumi preview
   Every account and every RotatingPassword is to be created, and nothing else is to change.

3. pulumi up
   It makes no call to a vendor: the passwords stay as they are, whether they were typed rightly is
   not asked, and the status of each account is "adopted". Each rotates with the first "pulumi up"
   after its nextRotation, which its RotatingPassword shows, and not at once. Where that has passed
   already it is the next one.

4. After the first rotation of an account, take its initial, initialGeneratedAt and currentPassword
   out of the program (a warning reminds of it), and its secret out of the configuration:
   pulumi config rm -- robot
*/

import * as pulumi from "@pulumi/pulumi";
import { huaweicloud, RotatingPassword, tencentcloud } from "pulumi-account-passwords";

const config = new pulumi.Config();

const robot = new tencentcloud.TcrServiceAccountPassword("robot", {
  registryId: "tcr-gijwqid7",
  accountName: "robot",
  currentPassword: config.requireSecret("robot"),
  password: new RotatingPassword("robot", {
    policy: tencentcloud.TcrServiceAccountPassword.policy,
    rotateEvery: { days: 90 },
    initial: config.requireSecret("robot"),
    initialGeneratedAt: "2026-01-15",
  }),
});
export const robotPassword = robot.password;

const app = new tencentcloud.MariadbAccountPassword("app", {
  instanceId: "tdsql-fdpjf5zh",
  userName: "app",
  host: "10.%",
  currentPassword: config.requireSecret("app"),
  password: new RotatingPassword("app", {
    policy: tencentcloud.MariadbAccountPassword.policy,
    rotateEvery: { days: 90 },
    initial: config.requireSecret("app"),
    initialGeneratedAt: "2026-02-01",
  }),
});
export const appPassword = app.password;

const ordersDb = new tencentcloud.PostgresqlAccountPassword("orders-db", {
  instanceId: "postgres-lnp6j617",
  userName: "app",
  currentPassword: config.requireSecret("ordersDb"),
  password: new RotatingPassword("orders-db", {
    policy: tencentcloud.PostgresqlAccountPassword.policy,
    rotateEvery: { days: 90 },
    initial: config.requireSecret("ordersDb"),
    initialGeneratedAt: "2026-03-01",
  }),
});
export const ordersDbPassword = ordersDb.password;

const cache = new tencentcloud.RedisInstancePassword("cache", {
  instanceId: "crs-5a4p1234",
  currentPassword: config.requireSecret("cache"),
  password: new RotatingPassword("cache", {
    policy: tencentcloud.RedisInstancePassword.policy,
    rotateEvery: { days: 90 },
    initial: config.requireSecret("cache"),
  }),
});
export const cachePassword = cache.password;

const alice = new huaweicloud.ServicecombAccountPassword("alice", {
  engineId: "engine-1",
  accountName: "alice",
  currentPassword: config.requireSecret("alice"),
  password: new RotatingPassword("alice", {
    policy: huaweicloud.ServicecombAccountPassword.policy,
    rotateEvery: { days: 90 },
    initial: config.requireSecret("alice"),
    initialGeneratedAt: "2026-03-01T12:00:00Z",
  }),
});
export const alicePassword = alice.password;
