/** One account; rotate.yml beside it runs it every night, and reports. */
import { RotatingPassword, tencentcloud } from "pulumi-account-passwords";

const app = new tencentcloud.MariadbAccountPassword("app", {
  instanceId: "tdsql-fdpjf5zh",
  userName: "app",
  host: "10.%",
  password: new RotatingPassword("app", {
    policy: tencentcloud.MariadbAccountPassword.policy,
    rotateEvery: { days: 90 },
  }),
});

export const appPassword = app.password;
