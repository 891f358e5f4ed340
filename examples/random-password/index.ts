/**
 * The five accounts with passwords of `@pulumi/random`: each policy knows the arguments of a
 * `RandomPassword` that satisfies it, and a keeper rotates (`pulumi config set release 2`).
 */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { huaweicloud, tencentcloud } from "pulumi-account-passwords";

const config = new pulumi.Config();
const keepers = { release: config.get("release") ?? "1" };

const robot = new random.RandomPassword("robot", {
  ...tencentcloud.TcrServiceAccountPassword.policy.randomPasswordArgs(),
  keepers,
});
new tencentcloud.TcrServiceAccountPassword("robot", {
  registryId: "tcr-gijwqid7",
  accountName: "robot",
  password: robot.result,
});

const app = new random.RandomPassword("app", {
  ...tencentcloud.MariadbAccountPassword.policy.randomPasswordArgs(),
  keepers,
});
new tencentcloud.MariadbAccountPassword("app", {
  instanceId: "tdsql-fdpjf5zh",
  userName: "app",
  host: "10.%",
  password: app.result,
});

const orders = new random.RandomPassword("orders", {
  ...tencentcloud.PostgresqlAccountPassword.policy.randomPasswordArgs(),
  keepers,
});
new tencentcloud.PostgresqlAccountPassword("orders", {
  instanceId: "postgres-lnp6j617",
  userName: "app",
  password: orders.result,
});

const cache = new random.RandomPassword("cache", {
  ...tencentcloud.RedisInstancePassword.policy.randomPasswordArgs(),
  keepers,
});
new tencentcloud.RedisInstancePassword("cache", {
  instanceId: "crs-5a4p1234",
  currentPassword: config.getSecret("redisPassword"),
  password: cache.result,
});

const alice = new random.RandomPassword("alice", {
  ...huaweicloud.ServicecombAccountPassword.policy.randomPasswordArgs(),
  keepers,
});
new huaweicloud.ServicecombAccountPassword("alice", {
  engineId: "engine-1",
  accountName: "alice",
  // ServiceComb wants a letter first, and `RandomPassword` cannot promise one.
  password: pulumi.interpolate`p${alice.result}`,
});
