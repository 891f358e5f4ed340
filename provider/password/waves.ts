import * as pulumi from "@pulumi/pulumi";
import { AccountPasswordError } from "../errors";
import { providerLiteral } from "../provider-literal";

/** Sizes of waves: whole numbers, at least 1. */
export interface WavesArgs {
  /** How many items, the first ones, must succeed before any other starts. */
  canary: number;
  /** How many items each further wave has, the last one perhaps fewer. */
  size: number;
}

/** What an item's resources wait for. */
export interface WaveOptions {
  dependsOn: pulumi.Resource[];
}

/**
 * Declares resources in waves: a canary, then waves of a given size, each of which starts only when
 * the one before it has succeeded.
 *
 * Give `opts` to **both** the generator and the account of an item (or to the component): so a
 * failure stops the following waves before their passwords are drawn, and they keep those that they
 * have. The next `pulumi up` resumes: what has succeeded is unchanged. The order of `items` decides
 * who is the canary; what is declared does not depend on it, so an item that is added, moved or
 * taken out changes none of the others.
 *
 * Between two waves stands one tiny resource (`<name>-0` after the canary, `<name>-1` and so on),
 * on which the next wave depends and which depends on all of the wave before: so the state of an
 * account names one resource, not a whole wave. It calls nobody and never changes; a further wave
 * adds one.
 *
 * With the engine's options:
 *
 * - A failure ends the run when the operations that have begun have ended; of its own wave others may
 *   not have begun. With `--continue-on-error` the whole wave is tried, and the following ones are
 *   not.
 * - `--parallel` bounds how many operations run at once, over all; a wave never runs more than its
 *   size of items.
 * - `--target` takes what it names out of the order: a targeted item waits for the waves before it as
 *   far as they are targeted, too. It is the way to hurry one item past a canary that fails.
 * - `preview` shows all waves: it does not know what will fail.
 * - `destroy` goes backwards, the last wave first.
 *
 * @example
 *
 * ```ts
 * import { inWaves, RotatingPassword, tencentcloud } from "pulumi-account-passwords";
 *
 * const users = ["canary", "orders", "invoices", "reports"];
 * const accounts = inWaves("apps", users, { canary: 1, size: 20 }, (userName, opts) => {
 *   const password = new RotatingPassword(
 *     userName,
 *     { policy: tencentcloud.PostgresqlAccountPassword.policy, rotateEvery: { days: 90 } },
 *     opts,
 *   );
 *   return new tencentcloud.PostgresqlAccountPassword(
 *     userName,
 *     { instanceId: "postgres-lnp6j617", userName, password },
 *     opts,
 *   );
 * });
 * export const passwords = accounts.map(({ password }) => password);
 * ```
 *
 * @param name Of the resources between the waves.
 * @param declare Declares the resources of one item, and returns those that must succeed: the
 *   account, or all of them. It is called once for each item, in order, at once.
 * @param opts For the resources between the waves, such as `parent`.
 * @returns What `declare` has returned, in the order of `items`.
 * @throws {@link AccountPasswordError} `INVALID_ARGUMENT`: a size is no whole number of at least 1,
 *   or `declare` has returned something else than resources.
 */
export function inWaves<Item, Declared extends pulumi.Resource | readonly pulumi.Resource[]>(
  name: string,
  items: readonly Item[],
  { canary, size }: WavesArgs,
  declare: (item: Item, opts: WaveOptions) => Declared,
  opts?: pulumi.CustomResourceOptions,
): Declared[] {
  const refuse = (why: string) =>
    new AccountPasswordError(
      "INVALID_ARGUMENT",
      `Cannot declare waves ${JSON.stringify(name)}: ${why}`,
    );
  for (const [argument, value] of Object.entries({ canary, size }))
    if (!Number.isInteger(value) || value < 1)
      throw refuse(`${argument} must be a whole number, at least 1`);

  const declared: Declared[] = [];
  let before: Wave[] = [];
  for (const [index, wave] of wavesOf(items, canary, size).entries()) {
    const resources: pulumi.Resource[] = [];
    for (const item of wave) {
      const result = declare(item, { dependsOn: before });
      const all = [result].flat() as unknown[];
      if (all.length === 0 || !all.every((one) => pulumi.Resource.isInstance(one)))
        throw refuse("the callback must return the resources of the item that must succeed");
      declared.push(result);
      resources.push(...(all as pulumi.Resource[]));
    }
    const isLast = declared.length === items.length;
    if (!isLast) before = [new Wave(`${name}-${index}`, resources, opts)];
  }
  return declared;
}

function wavesOf<Item>(items: readonly Item[], canary: number, size: number): Item[][] {
  const waves = [items.slice(0, canary)];
  for (let start = canary; start < items.length; start += size)
    waves.push(items.slice(start, start + size));
  return waves;
}

/** The end of a wave. To the engine a resource that is made at once and never changes. */
class Wave extends pulumi.CustomResource {
  constructor(
    name: string,
    wave: pulumi.Resource[],
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    super(
      "pulumi-nodejs:dynamic/password:Wave",
      name,
      { __provider: providerLiteral("password:Wave") },
      pulumi.mergeOptions(opts, { dependsOn: wave }),
    );
  }
}
