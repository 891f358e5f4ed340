/**
 * The SDK records a stack trace for each property of each resource, to name promises that nobody
 * waits for. For the 30 properties of an account that is 7 ms in the program and a third of its
 * memory (seen with `npm run bench`), so they are left out while a resource is constructed. Where
 * the resource was declared is not lost: for that the SDK asks with a limit of its own.
 *
 * @returns Puts the limit back.
 */
export function withoutStackTraces(): () => void {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = before;
  };
}
