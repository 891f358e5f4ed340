/**
 * A text of somebody's file as a JavaScript string, for programs and for messages: no quotation
 * mark, line break or other control character of it survives, and none of the invisible ones that
 * make code read otherwise than it runs.
 */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
}

/** By UTF-16 unit, as JavaScript wants it. */
function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}
