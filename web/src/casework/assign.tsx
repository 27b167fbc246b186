// Who gets a case: two or three letters of a person of the office, and Enter. Of
// each it is told how much there is to do already, and who stands in for who is away.

import { Button, Textarea, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Choices } from '../shell/choices';
import { useHouse } from '../shell/house';
import { matches } from '../shell/match';
import { useSpeech, useWords } from '../words/words';
import type { DialogProps } from './asking';
import css from './asking.module.css';
import { useKept } from './kept';
import { useColleagues, type Colleague } from './people';
import { Question, useGive } from './question';
import { words, type CaseworkWords } from './words';

export default function AssignDialog({ wanted, title, close }: DialogProps) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const { rows, viewer } = useHouse();
  const cases = useMemo(() => wanted.ids.map((id) => rows.get(id)), [wanted.ids, rows]);
  const office = useColleagues(cases[0]?.office?.id);
  const holder = cases.length === 1 ? cases[0]?.assignee?.id : undefined;
  const [text, setText] = useState('');
  const [reason, setReason, forget] = useKept(`ASSIGN ${wanted.ids.join(' ')}`);
  const [away, setAway] = useState<Colleague | null>(null);
  const giving = useGive(wanted, () => {
    forget();
    close();
  });
  const choices = useMemo(
    () => (office?.colleagues ?? []).filter((p) => p.id !== holder && matches(text, p.name))
      .map((person) => ({ id: person.id, title: person.id === viewer.user.id ? `${person.name} (${w.assign.you})` : person.name, note: noteOf(person, w, dates.day), person })),
    [office, holder, text, viewer, w, dates],
  );
  const assign = (person: Colleague): void => giving.give({ does: 'ASSIGN', person, standsIn: person.away?.standsIn, reason: reason.trim() });
  // Only where a case leaves somebody does an office ask why.
  const needsReason = (office?.reasonToMove ?? false) && cases.some((c) => c?.assignee);
  return (
    <Question title={title} giving={giving} ready={false} submit={() => undefined} close={close}>
      {away?.away ? (
        <p className={css.away} role="alert">{w.assign.awayAsks(away.name, dates.day(away.away.until), away.away.standsIn.name)}</p>
      ) : (
        <Choices
          label={w.assign.person}
          empty={office ? t.nothingFound : t.waiting}
          choices={choices}
          choose={({ person }) => {
            if (!giving.busy) {
              (person.away ? setAway : assign)(person);
            }
          }}
          input={(props) => (
            <TextInput {...props} data-autofocus label={w.assign.person} placeholder={w.assign.placeholder} value={text} onChange={(e) => setText(e.currentTarget.value)} />
          )}
        />
      )}
      <Textarea
        label={needsReason ? w.assign.noteWanted : w.assign.note} required={needsReason} autosize minRows={1} maxRows={5} maxLength={4000}
        value={reason} onChange={(e) => setReason(e.currentTarget.value)}
      />
      {away?.away && (
        <div className={css.buttons}>
          <Button variant="default" size="md" onClick={() => setAway(null)}>{w.assign.other}</Button>
          <Button size="md" data-autofocus autoFocus loading={giving.busy} onClick={() => assign(away)}>{w.assign.toStandIn(away.away.standsIn.name)}</Button>
        </div>
      )}
    </Question>
  );
}

function noteOf({ role, load, away }: Colleague, w: CaseworkWords, day: (at: string) => string): string {
  return [
    role === 'HEAD' ? w.assign.head : role === 'DEPUTY' ? w.assign.deputy : '',
    load ? w.assign.load(load.open) : '',
    load && load.late > 0 ? w.assign.late(load.late) : '',
    load && load.dueSoon > 0 ? w.assign.dueSoon(load.dueSoon) : '',
    away ? w.assign.away(day(away.until), away.standsIn.name) : '',
  ].filter(Boolean).join(' · ');
}
