/** An account whose password is proved by a login, right after each change and at each refresh. */
import * as pulumi from "@pulumi/pulumi";
import { RotatingPassword, tencentcloud } from "pulumi-account-passwords";

const config = new pulumi.Config();

const generated = new RotatingPassword("app", {
  policy: tencentcloud.MariadbAccountPassword.policy,
  rotateEvery: { days: 90 },
  keepers: { release: config.get("release") ?? "1" },
});

const app = new tencentcloud.MariadbAccountPassword("app", {
  instanceId: "tdsql-fdpjf5zh",
  userName: "app",
  host: "%",
  password: generated,
  // Where this machine reaches the server: in production the instance's own address.
  verify: {
    host: config.get("host") ?? "127.0.0.1",
    port: config.getNumber("port") ?? 13306,
    onRefresh: true,
  },
});

// Consumers read this one.
export const password = app.password;
export const verification = app.verification;
export const verifiedAt = app.verifiedAt;
