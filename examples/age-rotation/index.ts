/**
 * Passwords that rotate every quarter, in a night from Saturday to Sunday, not all in the same one.
 * Run `pulumi up` every hour, or at least in those nights; it changes nothing when nothing is due.
 */
import * as pulumi from "@pulumi/pulumi";
import { RotatingPassword, tencentcloud } from "pulumi-account-passwords";

const config = new pulumi.Config();

const rotation = {
  // From the anchor on, whenever a password was made: late runs add up to nothing.
  rotateEvery: { months: 3, anchor: "2026-01-01" },
  // Each name has an offset of its own within four weeks, so each Saturday takes a part of them.
  spread: { hours: 4 * 7 * 24 },
  // A due rotation waits for these hours; a keeper and a compromise do not wait.
  window: { days: ["Saturday"], from: "22:00", to: "04:00", timeZone: "Asia/Shanghai" },
  // `pulumi config set release 2` rotates everything at once,
  keepers: { release: config.get("release") ?? "1" },
  // `pulumi config set compromisedBefore 2026-11-01` what was made before that day, once.
  compromisedBefore: config.get("compromisedBefore"),
};

const orders = new tencentcloud.PostgresqlAccountPassword("orders", {
  instanceId: "postgres-lnp6j617",
  userName: "app",
  password: new RotatingPassword("orders", {
    policy: tencentcloud.PostgresqlAccountPassword.policy,
    // It stands in a postgres:// URL and in a YAML file, unencoded and unquoted.
    consumers: ["url", "yaml"],
    excludeCharacters: "O0Il1",
    ...rotation,
  }),
});

const robot = new tencentcloud.TcrServiceAccountPassword("robot", {
  registryId: "tcr-gijwqid7",
  accountName: "robot",
  password: new RotatingPassword("robot", {
    policy: tencentcloud.TcrServiceAccountPassword.policy,
    ...rotation,
  }),
});

export const ordersPassword = orders.password;
export const robotPassword = robot.password;
