// The headers of the desk that this device keeps: the last 200 that wait to be sorted.

import type { Row } from '../live/rows';
import { kept } from './kept';

export const mostRows = 200;
const name = 'rows';

export async function keepRows(rows: readonly Row[]): Promise<void> {
  await kept.put(name, rows.filter((r) => !r.reserved).slice(0, mostRows));
}

export async function keptRows(): Promise<Row[]> {
  return (await kept.get<Row[]>(name))?.data ?? [];
}

/** When they were last told by the server; nothing when there are none. */
export async function rowsKeptAt(): Promise<Date | undefined> {
  const page = await kept.get<Row[]>(name);
  return page && new Date(page.at);
}
