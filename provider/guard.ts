/**
 * The one way out of the provider, round every method: whatever is thrown leaves as a clean `Error`
 * (anything else hangs the SDK's host), and no text in it holds a secret that came in. No service
 * can forget it.
 */
import type * as pulumi from "@pulumi/pulumi";
import { AccountPasswordError, InitializationFailure } from "./errors";
import { redact, rememberSecrets } from "./redact";

type Provider = pulumi.dynamic.ResourceProvider;

export function guarded(provider: Provider, secretNames: readonly string[]): Provider {
  const guardedMethods: Record<string, unknown> = {};
  for (const name of ["check", "diff", "create", "read", "update", "delete"] as const) {
    const method = provider[name]?.bind(provider) as ((...args: unknown[]) => unknown) | undefined;
    if (method === undefined) continue;
    guardedMethods[name] = async (...args: unknown[]) => {
      for (const arg of args) rememberSecretsOf(arg, secretNames);
      try {
        return await method(...args);
      } catch (error) {
        throw clean(error);
      }
    };
  }
  // Not behind an await: the host answers the next call before a promise of this one is done.
  const configure = provider.configure?.bind(provider);
  return { ...guardedMethods, ...(configure === undefined ? {} : { configure }) } as Provider;
}

function rememberSecretsOf(properties: unknown, secretNames: readonly string[]): void {
  if (properties === null || typeof properties !== "object") return;
  for (const name of secretNames) rememberSecrets((properties as Record<string, unknown>)[name]);
}

/** A new error: one whose stack was read once keeps the old text for ever. */
function clean(error: unknown): Error {
  if (error instanceof InitializationFailure) {
    const { message } = clean(error.error);
    const cleaned = new Error(message) as Error & Record<string, unknown>;
    return Object.assign(cleaned, {
      id: error.id,
      properties: error.properties,
      reasons: [message],
    });
  }
  if (error instanceof AccountPasswordError) {
    const text = redact(error.message);
    return text === error.message ? error : Object.assign(new Error(text), { code: error.code });
  }
  // A bug of ours. Its text may quote anything: only where it happened is told.
  const what = error instanceof Error ? redact(`${error.name}${whereOf(error)}`) : typeof error;
  return new AccountPasswordError(
    "INTERNAL",
    `Cannot go on: pulumi-account-passwords failed in a way that it should not (${what}); what was sent before this may have had an effect; please report this`,
  );
}

/** The first frame of the stack. The text before it may have lines that look like one. */
function whereOf(error: Error): string {
  const frame = String(error.stack)
    .split("\n")
    .find((line) => /^ +at .*:\d+:\d+\)?$/.test(line));
  return frame === undefined ? "" : ` ${frame.trim()}`;
}
