// Keeps the headers of what waits at the desk on this device, as they change, and the
// offices that it can go to.

import { useEffect } from 'react';
import { source } from '../live/use-list';
import { LiveList } from '../live/list';
import type { Row } from '../live/rows';
import { useHouse, useOffices, useRoles } from '../shell/house';
import { kept } from './kept';
import { keepRows, mostRows } from './kept-rows';

/** Milliseconds after the start of the client, and after a change. */
const begin = 3_000;
const settle = 2_000;

export function Keeping() {
  const { rows, register } = useHouse();
  const { sorter } = useRoles();
  useOffices(sorter && kept.keepsPages);
  useEffect(() => {
    if (!sorter || !kept.keepsPages) {
      return undefined;
    }
    const list = new LiveList(rows, { read: source.read }, { filter: { statuses: ['TO_SORT'] }, order: { field: 'RECEIVED_AT', direction: 'DESC' } });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const keep = (): void => {
      const { ids, reading, failure, more } = list.shown;
      if (reading || failure !== null) {
        return;
      }
      if (more && ids.length < mostRows) {
        void list.readMore();
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => void keepRows(list.shown.ids.map((id) => rows.get(id)).filter((r): r is Row => r !== undefined)), settle);
    };
    const stops = [register.listen(list), list.watch(keep)];
    const first = setTimeout(() => void list.read(), begin);
    return () => {
      stops.forEach((stop) => stop());
      list.stop();
      clearTimeout(first);
      clearTimeout(timer);
    };
  }, [rows, register, sorter]);
  return null;
}
