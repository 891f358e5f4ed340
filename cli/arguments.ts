/** What the commands have in common in reading their arguments. */
import { parseArgs, type ParseArgsConfig } from "node:util";

/** A mistake in the command line: the command ends with status 2 and a hint at the help. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Node's own `parseArgs`, with its refusals as mistakes of the user.
 *
 * @throws {@link UsageError}
 */
export function readArguments<const T extends ParseArgsConfig>(
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
