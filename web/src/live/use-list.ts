import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { ask } from '../api/ask';
import { keptRows } from '../offline/kept-rows';
import { CasesDocument } from '../generated/graphql';
import { useHouse } from '../shell/house';
import { LiveList, type Question, type Shown, type Source } from './list';

/** How many cases are read at once. */
const page = 50;

export const source: Source = {
  read: async ({ filter, order }, after, signal) => {
    const { cases } = await ask(CasesDocument, { first: page, after, filter, orderBy: order }, signal);
    return { rows: cases.nodes, next: cases.pageInfo.hasNextPage ? cases.pageInfo.endCursor : null };
  },
  kept: keptRows,
};

/** The cases that a question finds, kept true for as long as the component is there. */
export function useLiveList(question: Question): { list: LiveList; shown: Shown } {
  const { rows, register } = useHouse();
  const key = JSON.stringify(question);
  const list = useMemo(() => new LiveList(rows, source, JSON.parse(key) as Question), [rows, key]);
  useEffect(() => {
    const stop = register.listen(list);
    void list.read();
    return () => {
      stop();
      list.stop();
    };
  }, [list, register]);
  return { list, shown: useSyncExternalStore(list.watch, () => list.shown) };
}
