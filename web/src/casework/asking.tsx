// The dialogs that ask for what a command takes: words, an outcome, a priority.

import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { CaseOutcome, CasePriority } from '../generated/graphql';
import { useHouse } from '../shell/house';
import { lazy } from '../shell/lazily';
import { useWords } from '../words/words';
import type { Act } from './acts';
import css from './asking.module.css';
import AssignDialog from './assign';
import type { Wanted } from './casework';
import { useKept } from './kept';
import { Question, useGive } from './question';
import { words } from './words';

const SortDialog = lazy(() => import('./sort'));
const MergeDialog = lazy(() => import('./merge'));
const ManyDialog = lazy(() => import('./many'));

export interface DialogProps {
  wanted: Wanted;
  title: string;
  close(): void;
}

/** The dialog of a command, by what it takes. */
export default function Asking({ wanted, close }: { wanted: Wanted; close(): void }) {
  const w = useWords(words);
  const { rows } = useHouse();
  const [one] = wanted.ids;
  const which = wanted.ids.length === 1 && one !== undefined ? rows.get(one)?.number ?? '' : w.many(wanted.ids.length);
  const all: DialogProps = { wanted, close, title: `${w.acts[wanted.does]} · ${which}` };
  switch (wanted.does) {
    case 'SORT': return <SortDialog {...all} />;
    case 'ASSIGN': return <AssignDialog {...all} />;
    case 'CLOSE': return <CloseDialog {...all} />;
    case 'PRIORITISE': return <PriorityDialog {...all} />;
    case 'INFORM': return <ManyDialog {...all} of="offices" />;
    case 'RESERVE': return <ManyDialog {...all} of="readers" />;
    case 'MERGE': return <MergeDialog {...all} />;
    case 'RETURN':
    case 'TAKE_BACK':
    case 'UNASSIGN':
    case 'REOPEN':
    case 'BREAK_GLASS':
    case 'NOTE':
    case 'REMIND':
    case 'ASK': return <WordsDialog {...all} does={wanted.does} act={(text) => ({ does: wanted.does as 'NOTE', text })} />;
    case 'ANSWER': return <WordsDialog {...all} does="ANSWER" act={(text) => ({ does: 'ANSWER', inquiry: wanted.inquiry!, text })} />;
    default: throw new Error(`${wanted.does} takes nothing`);
  }
}

function WordsDialog({ wanted, title, close, does, act }: DialogProps & { does: keyof typeof words.it.ask; act(text: string): Act }) {
  const w = useWords(words);
  const [text, setText, forget] = useKept(`${does} ${wanted.inquiry ?? wanted.ids.join(' ')}`);
  const giving = useGive(wanted, () => {
    forget();
    close();
  });
  return (
    <Question title={title} verb={w.acts[does]} giving={giving} ready={text.trim() !== ''} submit={() => giving.give(act(text.trim()))} close={close}>
      <Textarea
        data-autofocus label={w.ask[does].label} description={w.ask[does].hint || undefined} autosize minRows={3} maxRows={12} maxLength={4000} required
        value={text} onChange={(e) => setText(e.currentTarget.value)}
      />
    </Question>
  );
}

/** One of a few: a choice made by arrows. */
function Options<V extends string>({ legend, titles, value, choose }: { legend: string; titles: Readonly<Record<V, string>>; value: V | null; choose(value: V): void }) {
  const all = Object.entries(titles) as [V, string][];
  return (
    <fieldset className={css.options}>
      <legend>{legend}</legend>
      {all.map(([option, title], i) => (
        <label key={option}>
          <input type="radio" name={legend} data-autofocus={(value === null ? i === 0 : option === value) || undefined} checked={option === value} onChange={() => choose(option)} />
          {title}
        </label>
      ))}
    </fieldset>
  );
}

function CloseDialog({ wanted, title, close }: DialogProps) {
  const w = useWords(words);
  const [outcome, setOutcome] = useState<CaseOutcome | null>(null);
  const [text, setText, forget] = useKept(`CLOSE ${wanted.ids.join(' ')}`);
  const giving = useGive(wanted, () => {
    forget();
    close();
  });
  return (
    <Question
      title={title} verb={w.acts.CLOSE} giving={giving} close={close}
      ready={outcome !== null && (outcome !== 'OTHER' || text.trim() !== '')}
      submit={() => outcome && giving.give({ does: 'CLOSE', outcome, text: text.trim() })}
    >
      <Options<CaseOutcome> legend={w.close.outcome} titles={w.outcomes} value={outcome} choose={setOutcome} />
      <Textarea label={w.close.note} required={outcome === 'OTHER'} autosize minRows={2} maxRows={8} maxLength={4000} value={text} onChange={(e) => setText(e.currentTarget.value)} />
    </Question>
  );
}

function PriorityDialog({ wanted, title, close }: DialogProps) {
  const w = useWords(words);
  const { rows } = useHouse();
  const [one] = wanted.ids;
  const [priority, setPriority] = useState<CasePriority | null>(() => (one !== undefined && wanted.ids.length === 1 ? rows.get(one)?.priority : null) ?? null);
  const giving = useGive(wanted, close);
  return (
    <Question title={title} verb={w.confirm} giving={giving} ready={priority !== null} submit={() => priority && giving.give({ does: 'PRIORITISE', priority })} close={close}>
      <Options<CasePriority> legend={w.priority} titles={w.priorities} value={priority} choose={setPriority} />
    </Question>
  );
}
