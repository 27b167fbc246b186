// What the address narrows the list by and no field of the page shows: each is told
// and can be taken away. And how many cases there are.

import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/ask';
import { CaseCountDocument, NameOfDocument } from '../generated/graphql';
import { startOfDay } from '../shell/days';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './cases.module.css';
import { questionOf, spans, type CasesSearch } from './search';
import { words } from './filter-words';

interface Chip {
  text: string;
  without: Partial<CasesSearch>;
}

export function Chips({ search, narrow }: { search: CasesSearch; narrow(change: Partial<CasesSearch>): void }) {
  const w = useWords(words);
  const chips = useChips(search);
  return (
    <div className={css.chips}>
      <Found search={search} />
      {chips.length > 0 && (
        <ul aria-label={w.narrowedBy}>
          {chips.map(({ text, without }) => (
            <li key={text}>
              <button type="button" aria-label={w.remove(text)} onClick={() => narrow(without)}>{text} <Icon name="close" size={14} /></button>
            </li>
          ))}
          {chips.length > 1 && (
            <li><button type="button" onClick={() => narrow(Object.assign({}, ...chips.map((c) => c.without)))}>{w.removeAll}</button></li>
          )}
        </ul>
      )}
    </div>
  );
}

function useChips(search: CasesSearch): Chip[] {
  const { dates } = useSpeech();
  const w = useWords(words);
  const sorter = useName(search.sortedBy);
  const mailbox = useName(search.mailbox);
  const day = (text: string): string => dates.day(startOfDay(text));
  const chips: Chip[] = [];
  for (const span of spans) {
    const from = search[`${span}From`];
    const until = search[`${span}Until`];
    const say = w.spans[span];
    if (from || until) {
      chips.push({
        text: from === undefined ? say.until(day(until!)) : until === undefined ? say.from(day(from)) : from === until ? say.on(day(from)) : say.both(day(from), day(until)),
        without: { [`${span}From`]: undefined, [`${span}Until`]: undefined },
      });
    }
  }
  if (search.openOn) {
    chips.push({ text: w.openOn(day(search.openOn)), without: { openOn: undefined } });
  }
  if (search.sortedFrom) {
    chips.push({ text: w.sortedFrom(day(search.sortedFrom)), without: { sortedFrom: undefined } });
  }
  if (search.sortedBy) {
    chips.push({ text: w.sortedBy(sorter), without: { sortedBy: undefined } });
  }
  if (search.mailbox) {
    chips.push({ text: w.mailbox(mailbox), without: { mailbox: undefined } });
  }
  return chips;
}

/** What a person or a mailbox is called. */
function useName(id: string | undefined): string {
  const { data } = useQuery({
    queryKey: ['people', 'name', id],
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      const { node } = await ask(NameOfDocument, { id: id! }, signal);
      return node && 'name' in node ? node.name : node && 'address' in node ? node.address : '';
    },
  });
  return data || '…';
}

function Found({ search }: { search: CasesSearch }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const { filter } = questionOf(search);
  const { data: n } = useQuery({
    queryKey: ['counts', 'found', filter],
    queryFn: async ({ signal }) => (await ask(CaseCountDocument, { filter }, signal)).caseCount,
  });
  return <p role="status">{n === undefined ? '' : n >= 1000 ? w.foundMany(dates.number(1000)) : w.found(dates.number(n), n === 1)}</p>;
}
