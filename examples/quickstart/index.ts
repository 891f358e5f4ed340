/**
 * Five existing accounts, each with a password that rotates every 90 days, or at once with `pulumi
 * config set release 2`.
 */
import * as pulumi from "@pulumi/pulumi";
import { huaweicloud, RotatingPassword, tencentcloud } from "pulumi-account-passwords";

const config = new pulumi.Config();
const rotation = {
  rotateEvery: { days: 90 },
  keepers: { release: config.get("release") ?? "1" },
};

const robot = new tencentcloud.TcrServiceAccountPassword("robot", {
  registryId: "tcr-gijwqid7",
  accountName: "robot",
  password: new RotatingPassword("robot", {
    policy: tencentcloud.TcrServiceAccountPassword.policy,
    ...rotation,
  }),
});

const app = new tencentcloud.MariadbAccountPassword("app", {
  instanceId: "tdsql-fdpjf5zh",
  userName: "app",
  host: "10.%",
  password: new RotatingPassword("app", {
    policy: tencentcloud.MariadbAccountPassword.policy,
    ...rotation,
  }),
});

// A password of your own works as well: `pulumi config set --secret -- ordersPassword …`
const ordersPassword = config.getSecret("ordersPassword");
const orders = new tencentcloud.PostgresqlAccountPassword("orders", {
  instanceId: "postgres-lnp6j617",
  userName: "app",
  password:
    ordersPassword ??
    new RotatingPassword("orders", {
      policy: tencentcloud.PostgresqlAccountPassword.policy,
      ...rotation,
    }),
});

// Redis wants the old password for a change. Without it (`pulumi config set --secret -- redisPassword …`)
// the first change uses the vendor's reset.
const cache = new tencentcloud.RedisInstancePassword("cache", {
  instanceId: "crs-5a4p1234",
  currentPassword: config.getSecret("redisPassword"),
  password: new RotatingPassword("cache", {
    policy: tencentcloud.RedisInstancePassword.policy,
    ...rotation,
  }),
});

const alice = new huaweicloud.ServicecombAccountPassword("alice", {
  engineId: "engine-1",
  accountName: "alice",
  password: new RotatingPassword("alice", {
    policy: huaweicloud.ServicecombAccountPassword.policy,
    ...rotation,
  }),
});

// Consumers read the account's password: it is the live one.
export const passwords = {
  robot: robot.password,
  app: app.password,
  orders: orders.password,
  cache: cache.password,
  alice: alice.password,
};
export const revisions = {
  robot: robot.revision,
  app: app.revision,
  orders: orders.revision,
  cache: cache.revision,
  alice: alice.revision,
};
