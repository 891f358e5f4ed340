/**
 * THE persisted entry. Every state of every user names this path and `handler(type)`, in the fixed
 * text of `provider-literal.ts`: neither ever changes. Everything behind them may.
 */
import type * as pulumi from "@pulumi/pulumi";
import { AccountPasswordProvider } from "./account-provider";
import { AccountPasswordError } from "./errors";
import { guarded } from "./guard";
import { secretNames as generatorSecrets } from "./password/rotating-password-inputs";
import { rotatingPasswordProvider } from "./password/rotating-password-provider";
import { turnProvider } from "./password/turn-provider";
import { waveProvider } from "./password/wave-provider";
import { services } from "./services";
import { secretNames } from "./state";

/**
 * The provider of one kind of resource.
 *
 * @param type `<vendor>:<Class>`, `password:RotatingPassword`, `password:Turn` or `password:Wave`.
 */
export function handler(type: string): pulumi.dynamic.ResourceProvider {
  if (type === "password:RotatingPassword") {
    const policies = new Map([...services].map(([name, { policy }]) => [name, policy]));
    return guarded(rotatingPasswordProvider(policies), generatorSecrets);
  }
  if (type === "password:Turn") return guarded(turnProvider(), []);
  if (type === "password:Wave") return guarded(waveProvider, []);
  const service = services.get(type);
  if (service === undefined)
    throw new AccountPasswordError(
      "INTERNAL",
      `Cannot load the provider of ${JSON.stringify(type)}: this version of pulumi-account-passwords does not have it; nothing was sent; install the version that made the state, or a newer one`,
    );
  return guarded(new AccountPasswordProvider(service), secretNames);
}
