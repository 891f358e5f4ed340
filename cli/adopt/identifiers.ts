/** Names of resources as variables of a program, which are keys of its configuration as well. */

/** What the program declares itself, and what stands behind each variable for its output. */
export const outputSuffix = "Password";

/**
 * One for each name, in order, no two alike: `orders-db` is `ordersDb`. Letters and digits of any
 * language and `_` are all that they consist of, so that no shell and no configuration file reads
 * them otherwise.
 */
export function identifiers(names: readonly string[]): string[] {
  const taken = new Set(unusable);
  return names.map((name) => {
    const wanted = identifier(name);
    let free = wanted;
    for (let n = 2; [free, free + outputSuffix].some((each) => taken.has(each)); n++)
      free = `${wanted}${n}`;
    taken.add(free).add(free + outputSuffix);
    return free;
  });
}

function identifier(name: string): string {
  const [first = "", ...others] = name
    .normalize("NFC")
    .split(/[^\p{ID_Continue}]+/u)
    .filter((part) => part !== "");
  const joined = lowerFirst(first) + others.map(upperFirst).join("");
  if (!/^[\p{ID_Start}_]/u.test(joined)) return `account${upperFirst(joined)}`;
  return unusable.has(joined) ? `${joined}Account` : joined;
}

function lowerFirst(text: string): string {
  return text.replace(/^./u, (letter) => letter.toLowerCase());
}

function upperFirst(text: string): string {
  return text.replace(/^./u, (letter) => letter.toUpperCase());
}

/** Words of the language, in all its modes; of a module; and what the program imports or declares. */
const unusable: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval
  export extends false finally for function if implements import in instanceof interface let new
  null package private protected public return static super switch this throw true try typeof
  undefined var void while with yield
  __dirname __esModule __filename exports module require
  config huaweicloud pulumi tencentcloud`.split(/\s+/),
);
