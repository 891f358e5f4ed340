/**
 * Two resources with the same account would overwrite each other's password at every `up`: an error
 * in the program, before either is registered.
 */
import * as pulumi from "@pulumi/pulumi";
import type { AccountService } from "./account-service";
import { AccountPasswordError } from "./errors";
import { settings } from "./settings";

type Arguments = Record<string, pulumi.Input<unknown>>;

/** By run, not by process: the Automation API runs a preview and an update in one. */
const declaredIn = new WeakMap<object, Map<string, string>>();

/**
 * Remembers the account. With plain identity arguments the second one fails at once; with Outputs
 * when they resolve, which the resource's registration waits for.
 *
 * @returns The arguments, one of them tied to that check where it has to wait.
 */
export function declareOnce(service: AccountService, name: string, args: Arguments): Arguments {
  const stack = pulumi.runtime.getStackResource();
  // Without a stack (a unit test with mocks) there is no run to remember by.
  if (stack === undefined) return args;
  const declared = declaredIn.get(stack) ?? new Map<string, string>();
  declaredIn.set(stack, declared);

  const identity = service.identity.map((argument) => args[argument] ?? placeOf(service, argument));
  if (identity.every((value) => typeof value === "string" || value === undefined)) {
    remember(service, name, identity as string[], declared);
    return args;
  }
  // Tied to one that is an Output anyway: a plain one stays known, and plain, in a preview.
  const index = identity.findIndex((value) => typeof value !== "string" && value !== undefined);
  const waiting = pulumi.all(identity).apply((values) => {
    remember(service, name, values as string[], declared);
    return values[index];
  });
  return { ...args, [service.identity[index] ?? ""]: waiting };
}

function remember(
  service: AccountService,
  name: string,
  identity: readonly (string | undefined)[],
  declared: Map<string, string>,
): void {
  const values = service.identity.map((argument, index) => {
    const value = identity[index] ?? "";
    return service.normalize?.(argument, value) ?? value;
  });
  const key = JSON.stringify([service.type, ...values]);
  const other = declared.get(key);
  declared.set(key, name);
  if (other === undefined) return;
  throw new AccountPasswordError(
    "DUPLICATE_ACCOUNT",
    `Cannot declare ${service.noun} ${JSON.stringify(values.join("/"))} as ${JSON.stringify(name)}: ${JSON.stringify(other)} is the same account, and they would overwrite each other's password; nothing was sent; take one of them out`,
  );
}

/** What an omitted argument will most likely be; the state may say otherwise. */
function placeOf(service: AccountService, argument: string): string | undefined {
  const place = service.places[argument];
  if (place === undefined) return undefined;
  const { config, env } = settings((key) => pulumi.runtime.getConfig(key));
  return config(place.key) || env(place.variable);
}
