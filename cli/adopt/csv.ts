/**
 * Reads CSV as RFC 4180 describes it: cells between commas; those with commas, line breaks or
 * quotation marks in quotation marks, the latter doubled. Twenty lines of our own instead of a
 * dependency: the common library is a megabyte and a half of streams and options, and tells the
 * line of a record, not of a cell.
 */

export interface Cell {
  /** Without the blanks round a cell that stands in no quotation marks. */
  readonly text: string;
  /** Where it begins; from 1. */
  readonly line: number;
}

/** The text is no CSV. */
export class CsvError extends Error {
  override readonly name = "CsvError";

  /** @param cell Its place in its row, from 1. */
  constructor(
    readonly line: number,
    readonly cell: number,
  ) {
    super(
      "a quotation mark is not closed, or stands inside a cell: put the whole cell in quotation marks, and double those in it",
    );
  }
}

const oneCell = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

/**
 * The rows, the header among them. Lines may end in LF, CRLF or CR.
 *
 * @throws {@link CsvError}
 */
export function readCsv(text: string): Cell[][] {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let line = 1;
  // After a comma at the very end there is one more cell; after a line break there is no more row.
  for (let at = 0; at < text.length || row.length > 0; at = oneCell.lastIndex) {
    oneCell.lastIndex = at;
    const match = oneCell.exec(text);
    if (match === null) throw new CsvError(line, row.length + 1);
    const [all, quoted, plain = "", end] = match;
    row.push({ text: quoted?.replaceAll('""', '"') ?? plain.trim(), line });
    line += all.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
