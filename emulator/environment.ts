import { huaweiCloud, tencentCloud } from "./credentials";

/**
 * The variables that send a program to the emulator, in the order in which they are printed.
 *
 * The empty ones cover what the shell may hold from real work: an empty variable counts as unset,
 * and a real token beside the emulator's endpoint would be sent to it.
 */
export function emulatorEnvironment(url: string): Record<string, string> {
  return {
    TENCENTCLOUD_SECRET_ID: tencentCloud.secretId,
    TENCENTCLOUD_SECRET_KEY: tencentCloud.secretKey,
    TENCENTCLOUD_SESSION_TOKEN: "",
    TENCENTCLOUD_TOKEN: "",
    TENCENTCLOUD_SECURITY_TOKEN: "",
    TENCENTCLOUD_REGION: tencentCloud.region,
    TENCENTCLOUD_ENDPOINT: url,
    HW_AUTH_TOKEN: "",
    HW_USER_NAME: huaweiCloud.userName,
    HW_USER_PASSWORD: huaweiCloud.password,
    HW_DOMAIN_NAME: huaweiCloud.domainName,
    HW_REGION_NAME: huaweiCloud.region,
    HW_PROJECT_ID: huaweiCloud.projectId,
    HW_ENTERPRISE_PROJECT_ID: "0",
    HUAWEICLOUD_CSE_ENDPOINT: url,
    HUAWEICLOUD_IAM_ENDPOINT: url,
    SERVICECOMB_RBAC_TOKEN: "",
    SERVICECOMB_RBAC_ACCOUNT: "",
    SERVICECOMB_RBAC_PASSWORD: "",
    SERVICECOMB_ENGINE_ENDPOINT: url,
    ACCOUNT_PASSWORDS_EMULATOR: url,
  };
}

/** The variables as lines that a POSIX shell can evaluate. */
export function exportLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
    .join("");
}
