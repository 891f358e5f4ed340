/**
 * The engine copies the whole stack configuration into the state, plain keys in clear: a credential
 * that was set without `--secret` is an error in the program.
 */
import * as pulumi from "@pulumi/pulumi";
import { AccountPasswordError } from "./errors";
import { secretConfigurationKeys as huaweicloud } from "./huaweicloud/configuration-keys";
import { secretConfigurationKeys as tencentcloud } from "./tencentcloud/configuration-keys";

let checked: object | undefined;

export function refusePlainSecrets(): void {
  const stack = pulumi.runtime.getStackResource();
  if (stack !== undefined && stack === checked) return;
  const plain = Object.keys(pulumi.runtime.allConfig()).find(
    (key) => isSecretKey(key) && !isSetAsSecret(key),
  );
  if (plain !== undefined)
    throw new AccountPasswordError(
      "CONFIG_NOT_SECRET",
      `Cannot use the stack configuration: ${plain} is set in clear, and the engine copies the whole configuration into the state; nothing was sent; set it again with \`pulumi config set --secret ${plain}\`, and replace the credential, for it has been in a file in clear`,
    );
  checked = stack;
}

/** The SDK exports it, and leaves it out of its types. */
function isSetAsSecret(key: string): boolean {
  const runtime = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  return runtime.isConfigSecret?.(key) ?? true;
}

/** Also with an engine's id behind it. */
function isSecretKey(key: string): boolean {
  return [...tencentcloud, ...huaweicloud].some(
    (secret) => key === secret || key.startsWith(`${secret}_`),
  );
}
