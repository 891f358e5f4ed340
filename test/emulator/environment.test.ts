import { execFileSync } from "node:child_process";
import { emulatorEnvironment, exportLines } from "../../emulator/environment";
import { start } from "./support/emulator";

test("names every variable, in this order, the emulator's own last", () => {
  const url = "http://127.0.0.1:1234";
  expect(exportLines(emulatorEnvironment(url))).toBe(
    [
      "export TENCENTCLOUD_SECRET_ID='AKIDemulator'",
      "export TENCENTCLOUD_SECRET_KEY='emulator-secret-key'",
      "export TENCENTCLOUD_SESSION_TOKEN=''",
      "export TENCENTCLOUD_TOKEN=''",
      "export TENCENTCLOUD_SECURITY_TOKEN=''",
      "export TENCENTCLOUD_REGION='ap-guangzhou'",
      `export TENCENTCLOUD_ENDPOINT='${url}'`,
      "export HW_AUTH_TOKEN=''",
      "export HW_USER_NAME='emulator-admin'",
      "export HW_USER_PASSWORD='emulator-iam-password'",
      "export HW_DOMAIN_NAME='emulator'",
      "export HW_REGION_NAME='cn-north-4'",
      "export HW_PROJECT_ID='0123456789abcdef0123456789abcdef'",
      "export HW_ENTERPRISE_PROJECT_ID='0'",
      `export HUAWEICLOUD_CSE_ENDPOINT='${url}'`,
      `export HUAWEICLOUD_IAM_ENDPOINT='${url}'`,
      "export SERVICECOMB_RBAC_TOKEN=''",
      "export SERVICECOMB_RBAC_ACCOUNT=''",
      "export SERVICECOMB_RBAC_PASSWORD=''",
      `export SERVICECOMB_ENGINE_ENDPOINT='${url}'`,
      `export ACCOUNT_PASSWORDS_EMULATOR='${url}'`,
      "",
    ].join("\n"),
  );
});

test("quotes a value for a POSIX shell", () => {
  const value = `it's "$HOME" \\ \`x\``;
  const script = `${exportLines({ VALUE: value })}printf %s "$VALUE"`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(value);
});

test("startEmulator() gives the same variables, with its own address", async () => {
  const emulator = await start();
  expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(emulator.environment).toEqual(emulatorEnvironment(emulator.url));
});
