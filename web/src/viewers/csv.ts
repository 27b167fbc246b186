// Tables that are written as text: values between commas, semicolons (as Excel in
// Italian writes them) or tabs.

import type { Enclosed } from './kinds';

/** What a text file says; bytes of a charset that nobody knows as Windows would read them. */
export function decoded(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset || 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The table in a file that calls itself one; null when it does not, or is none. */
export function tableIn(file: Pick<Enclosed, 'name' | 'mediaType'>, text: string): string[][] | null {
  return /\.(csv|tsv)$/i.test(file.name) || /\/(csv|tab-separated-values)$/.test(file.mediaType) ? tableOf(text) : null;
}

/** How large a table is shown as one. */
const most = { rows: 2_000, columns: 60 };

/** The rows of a text, all of the same length; null when it is no table, or one too large to be shown. */
export function tableOf(text: string): string[][] | null {
  const head = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'));
  const [mark, count] = [';', '\t', ','].map((m) => [m, head.split(m).length] as const).reduce((a, b) => (b[1] > a[1] ? b : a));
  if (count < 2) {
    return null;
  }
  const rows = split(text, mark);
  const columns = Math.max(0, ...rows.map((r) => r.length));
  if (rows.length < 2 || rows.length > most.rows || columns > most.columns) {
    return null;
  }
  return rows.map((r) => [...r, ...Array<string>(columns - r.length).fill('')]);
}

/** Values may stand in quotes, where marks and line breaks mean nothing and a quote is written twice (RFC 4180). */
function split(text: string, mark: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let quoted = false;
  const endRow = (): void => {
    row.push(value);
    if (row.length > 1 || value !== '') {
      rows.push(row);
    }
    row = [];
    value = '';
  };
  for (let i = 0; i < text.length && rows.length <= most.rows; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') {
        value += c;
      } else if (text[i + 1] === '"') {
        value += c;
        i++;
      } else {
        quoted = false;
      }
    } else if (c === '"' && value === '') {
      quoted = true;
    } else if (c === mark) {
      row.push(value);
      value = '';
    } else if (c === '\n') {
      endRow();
    } else if (c !== '\r') {
      value += c;
    }
  }
  if (value !== '' || row.length > 0) {
    endRow();
  }
  return rows;
}
