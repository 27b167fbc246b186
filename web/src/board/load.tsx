// How much each person of the office has to do, and who is away: it narrows the board
// to a person, and takes cards that are dropped on one.

import { useEffect, useRef, useState } from 'react';
import type { Colleague } from '../casework/people';
import { Icon } from '../shell/icon';
import { dragging } from '../shell/dragging';
import { useSpeech, useWords } from '../words/words';
import css from './board.module.css';
import type { Load } from './columns';
import { words } from './words';

export function LoadStrip({ people, loads, chosen, choose, canDrop, drop }: {
  people: readonly Colleague[];
  loads: ReadonlyMap<string, Load>;
  chosen: string | undefined;
  choose(id: string | undefined): void;
  canDrop(caseId: string, person: string): boolean;
  drop(caseId: string, person: string): void;
}) {
  const w = useWords(words);
  return (
    <ul className={css.load} aria-label={w.load}>
      {[...people].sort((a, b) => a.name.localeCompare(b.name)).map((p) => (
        <Person
          key={p.id} person={p} load={loads.get(p.id) ?? { open: 0, week: 0, late: 0 }} isChosen={p.id === chosen}
          choose={() => choose(p.id === chosen ? undefined : p.id)}
          canDrop={(id) => canDrop(id, p.id)} drop={(id) => drop(id, p.id)}
        />
      ))}
    </ul>
  );
}

function Person({ person, load, isChosen, choose, canDrop, drop }: {
  person: Colleague; load: Load; isChosen: boolean; choose(): void; canDrop(id: string): boolean; drop(id: string): void;
}) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const box = useRef<HTMLLIElement>(null);
  const [isOver, setOver] = useState(false);
  const current = useRef({ canDrop, drop });
  current.current = { canDrop, drop };
  useEffect(() => {
    const element = box.current;
    return element ? dragging((dnd) => dnd.dropTargetForElements({
      element,
      canDrop: ({ source }) => current.current.canDrop(String(source.data['id'])),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        current.current.drop(String(source.data['id']));
      },
    })) : undefined;
  }, []);
  const role = w.roles[person.role];
  return (
    <li ref={box} data-over={isOver || undefined} data-person={person.id}>
      <button type="button" aria-pressed={isChosen} title={w.filterBy(person.name)} onClick={choose}>
        <span className={css.who}><Icon name="person" size={14} /> <b>{person.name}</b>{role && <small> · {role}</small>}</span>
        <span className={css.numbers}>
          <span>{w.loadOpen(load.open)}</span>
          <span>{w.loadWeek(load.week)}</span>
          {load.late > 0 && <span data-tone="bad"><Icon name="warning" size={14} /> {w.loadLate(load.late)}</span>}
        </span>
        {person.away && <span className={css.away}><Icon name="clock" size={14} /> {w.away(dates.day(person.away.until), person.away.standsIn.name)}</span>}
      </button>
    </li>
  );
}
