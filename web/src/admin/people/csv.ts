// People in a table of another program (CSV): read, and said row by row whether each
// can be added.

import type { MemberRole } from '../../generated/graphql';
import { folded } from '../../shell/match';

export type Fault = 'noName' | 'noEmail' | 'there' | 'twice' | 'noOffice' | 'noRole';

export interface Candidate {
  name: string;
  email: string;
  sorter: boolean;
  administrator: boolean;
  auditor: boolean;
  /** The office where the person begins, with what as; none when there is none. */
  office: { id: string; name: string } | null;
  role: MemberRole;
  /** Why the row cannot be added; null when it can. */
  fault: Fault | null;
}

const columns = { name: /^(nome|name)/, email: /mail/, house: /^(ruol[oi] (dell.?)?ente|ente|house)/, office: /^(ufficio|office)/, role: /^(ruolo|role)/ };
const houseRoles = { sorter: /smist|sort/, administrator: /amministr|admin/, auditor: /revis|audit/ } as const;
const memberRoles: readonly [MemberRole, RegExp][] = [['HEAD', /^(capo|head)/], ['DEPUTY', /^(sostitut|vice|deputy)/], ['OPERATOR', /^(operat|$)/]];

/** The rows of a CSV, whose cells are parted by semicolons, commas or tabs. */
export function rowsOf(text: string): string[][] {
  const body = text.replace(/^\uFEFF/, '');
  const head = body.split(/\r?\n/, 1)[0] ?? '';
  const parting = [';', '\t', ','].find((p) => head.includes(p)) ?? ';';
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < body.length; i++) {
    const c = body[i]!;
    if (isQuoted) {
      if (c === '"' && body[i + 1] === '"') {
        cell += '"';
        i++;
      } else if (c === '"') {
        isQuoted = false;
      } else {
        cell += c;
      }
    } else if (c === '"' && cell.trim() === '') {
      isQuoted = true;
      cell = '';
    } else if (c === parting) {
      row.push(cell.trim());
      cell = '';
    } else if (c === '\n') {
      rows.push([...row, cell.trim()]);
      row = [];
      cell = '';
    } else if (c !== '\r') {
      cell += c;
    }
  }
  rows.push([...row, cell.trim()]);
  return rows.filter((r) => r.some((c) => c !== ''));
}

/** Who stands in a CSV with a row of headings; nothing when there are no headings of a name and an address. */
export function candidatesOf(text: string, offices: readonly { id: string; code: string; name: string }[], known: readonly { email: string | null }[]): Candidate[] | null {
  const [head, ...rows] = rowsOf(text);
  const at = (sign: RegExp, except = -1): number => (head ?? []).findIndex((title, i) => i !== except && sign.test(folded(title)));
  const house = at(columns.house);
  const [name, email, office, role] = [at(columns.name), at(columns.email), at(columns.office), at(columns.role, house)];
  if (name < 0 || email < 0) {
    return null;
  }
  const taken = new Set(known.map((p) => p.email?.toLowerCase()));
  const seen = new Set<string>();
  return rows.map((row) => {
    const cell = (i: number): string => row[i] ?? '';
    const address = cell(email).toLowerCase();
    const wanted = folded(cell(office));
    const place = offices.find((o) => folded(o.code) === wanted || folded(o.name) === wanted) ?? null;
    const as = memberRoles.find(([, sign]) => sign.test(folded(cell(role))))?.[0];
    const whole = folded(cell(house));
    const fault: Fault | null = cell(name) === '' ? 'noName' : !/^\S+@\S+\.\S+$/.test(address) ? 'noEmail' : taken.has(address) ? 'there' : seen.has(address) ? 'twice'
      : wanted !== '' && !place ? 'noOffice' : !as ? 'noRole' : null;
    seen.add(address);
    return {
      name: cell(name), email: address, sorter: houseRoles.sorter.test(whole), administrator: houseRoles.administrator.test(whole), auditor: houseRoles.auditor.test(whole),
      office: place && { id: place.id, name: place.name }, role: as ?? 'OPERATOR', fault,
    };
  });
}

/** Addresses and first passwords as a CSV; a cell that a spreadsheet could take for a formula is none. */
export function passwordsCsv(rows: readonly { name: string; email: string; password: string }[], head: readonly string[]): string {
  const quoted = (cell: string): string => `"${(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`;
  return `\uFEFF${[head, ...rows.map((r) => [r.name, r.email, r.password])].map((r) => r.map(quoted).join(';')).join('\r\n')}\r\n`;
}
