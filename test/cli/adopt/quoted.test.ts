import * as fc from "fast-check";
import { quoted } from "../../../cli/adopt/quoted";

test.each([
  ['a"b\\', '"a\\"b\\\\"'],
  ["a\r\nb\u2028\u2029", '"a\\r\\nb\\u2028\\u2029"'],
  ["\u202eab\u2066", '"\\u202eab\\u2066"'],
  ["\u001b[2J\u009b", '"\\u001b[2J\\u009b"'],
  ["\u{e0041}", '"\\udb40\\udc41"'],
  ["界ö`${x}`", '"界ö`${x}`"'],
])("quoted(%j) is %s", (text, literal) => {
  expect(quoted(text)).toBe(literal);
});

test("quoted() is a string of the language with that value, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(new Function(`"use strict"; return ${quoted(text)};`)()).toBe(text);
    }),
  );
});
