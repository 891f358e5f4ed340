/**
 * One application, two accounts used in turn: each rotation sets a new password on the idle one and
 * makes it the active one. The other stays valid until the next rotation.
 */
import * as pulumi from "@pulumi/pulumi";
import { AlternatingPasswords, tencentcloud } from "pulumi-account-passwords";

const config = new pulumi.Config();
const instanceId = "tdsql-fdpjf5zh";

const app = new AlternatingPasswords("app", {
  type: tencentcloud.MariadbAccountPassword,
  accounts: [
    { instanceId, userName: "app_a", host: "10.%" },
    { instanceId, userName: "app_b", host: "10.%" },
  ],
  rotateEvery: { days: 90 },
  keepers: { release: config.get("release") ?? "1" },
});

// Consumers read both from here, together.
export const userName = app.active.userName;
export const password = app.active.password;
export const standby = app.standby.userName;
