import * as fc from "fast-check";
import { CsvError, readCsv } from "../../../cli/adopt/csv";

const texts = (csv: string) => readCsv(csv).map((row) => row.map(({ text }) => text));

test.each<[string, string[][]]>([
  ["", []],
  ["a", [["a"]]],
  [
    "a,b\nc,d",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["a,b\n", [["a", "b"]]],
  [
    "a,\n,",
    [
      ["a", ""],
      ["", ""],
    ],
  ],
  ["a\r\nb\rc\nd", [["a"], ["b"], ["c"], ["d"]]],
  ["a\n\nb", [["a"], [""], ["b"]]],
  ['"a,b","c\r\nd","e""f",""', [["a,b", "c\r\nd", 'e"f', ""]]],
  ['""""', [['"']]],
  [" a , b\t", [["a", "b"]]],
  ['" a "', [[" a "]]],
])("readCsv(%j)", (csv, rows) => {
  expect(texts(csv)).toEqual(rows);
});

test("readCsv() tells the line where each cell begins", () => {
  const rows = readCsv('a,b\r\n"1\n2",c\nd,"3\r\n4"\n');
  expect(rows.map((row) => row.map(({ line }) => line))).toEqual([
    [1, 1],
    [2, 3],
    [4, 4],
  ]);
});

test.each([
  ['a,b\nc,"d', 2, 2],
  ['a\n"b\n"c', 2, 1],
  ['a"b', 1, 1],
  ['"a" ,b', 1, 1],
  ['"', 1, 1],
])("readCsv(%j) is no CSV from line %i, cell %i on", (csv, line, cell) => {
  expect(() => readCsv(csv)).toThrow(expect.objectContaining({ line, cell }));
  expect(() => readCsv(csv)).toThrow(CsvError);
});

test("readCsv() reads back what is written by the book", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r\n", " ", "界", "'") });
  const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
  fc.assert(
    fc.property(table, fc.constantFrom("\n", "\r\n"), (rows, end) => {
      const csv = rows
        .map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",") + end)
        .join("");
      expect(texts(csv)).toEqual(rows);
    }),
  );
});

test("readCsv() takes a cell of a megabyte, closed or not", () => {
  const large = 'x""y\n'.repeat(200_000);
  expect(texts(`"${large}"`)).toEqual([[large.replaceAll('""', '"')]]);
  expect(() => readCsv(`"${large}`)).toThrow(CsvError);
});
