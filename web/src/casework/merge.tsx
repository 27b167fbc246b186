import { Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/ask';
import { MergeTargetByNumberDocument, MergeTargetsDocument, type CaseFilter, type MergeTargetFragment } from '../generated/graphql';
import { Choices } from '../shell/choices';
import { useHouse } from '../shell/house';
import { useSpeech, useWords } from '../words/words';
import type { DialogProps } from './asking';
import { useKept } from './kept';
import { Question, useGive } from './question';
import { words } from './words';

/** A number as people say it: 2026/114, or 114 of this year. */
const spoken = /^(?:(\d{4})\/)?(\d{1,6})$/;

/** Open cases of the same office that a text finds, or the one with that number. */
async function targets(officeId: string | undefined, looked: string, signal: AbortSignal): Promise<readonly MergeTargetFragment[]> {
  const open: CaseFilter = officeId ? { officeIds: [officeId], statuses: ['TO_ASSIGN', 'IN_PROGRESS', 'ANSWERING'] } : { statuses: ['TO_SORT'] };
  const [, year = String(new Date().getFullYear()), n] = spoken.exec(looked) ?? [];
  if (n !== undefined) {
    const { caseByNumber: found } = await ask(MergeTargetByNumberDocument, { number: `${year}/${n.padStart(6, '0')}` }, signal);
    return found && open.statuses?.includes(found.status) && found.office?.id === officeId ? [found] : [];
  }
  return (await ask(MergeTargetsDocument, { filter: { ...open, ...(looked.length >= 3 ? { text: looked } : {}) } }, signal)).cases.nodes;
}

/** Into which open case of the same office another one is put. */
export default function MergeDialog({ wanted, title, close }: DialogProps) {
  const { t } = useSpeech();
  const w = useWords(words);
  const { rows } = useHouse();
  const id = wanted.ids[0]!;
  const row = rows.get(id);
  const [text, setText] = useState('');
  const [looked] = useDebouncedValue(text.trim(), 200);
  const [reason, setReason, forget] = useKept(`MERGE ${id}`);
  const giving = useGive(wanted, () => {
    forget();
    close();
  });
  const { data = [], isPending } = useQuery({
    queryKey: ['counts', 'targets', row?.office?.id, looked],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => targets(row?.office?.id, looked, signal),
  });
  const choices = data.filter((c) => c.id !== id)
    .map((c) => ({ id: c.id, title: [c.number, c.subject || t.noSubject, c.senderName || c.senderAddress].filter(Boolean).join(' · '), into: c }));
  return (
    <Question title={title} giving={giving} ready={false} submit={() => undefined} close={close}>
      <Choices
        label={w.merge.find}
        empty={isPending ? t.waiting : w.merge.empty}
        choices={choices}
        choose={({ into }) => giving.busy || giving.give({ does: 'MERGE', into, text: reason.trim() })}
        input={(props) => (
          <TextInput {...props} data-autofocus label={w.merge.find} description={w.merge.same} placeholder={w.merge.placeholder} value={text} onChange={(e) => setText(e.currentTarget.value)} />
        )}
      />
      <Textarea label={w.ask.MERGE.label} autosize minRows={1} maxRows={5} maxLength={4000} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
    </Question>
  );
}
