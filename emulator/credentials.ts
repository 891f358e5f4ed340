/**
 * The credentials, the region and the project that the emulator accepts. They open nothing else:
 * none has the form of a real one.
 */
export const tencentCloud = {
  secretId: "AKIDemulator",
  secretKey: "emulator-secret-key",
  region: "ap-guangzhou",
} as const;

export const huaweiCloud = {
  userName: "emulator-admin",
  password: "emulator-iam-password",
  domainName: "emulator",
  region: "cn-north-4",
  projectId: "0123456789abcdef0123456789abcdef",
} as const;
