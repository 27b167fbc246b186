import { Textarea } from '@mantine/core';
import { OfficeChoices } from '../desk/office-picker';
import { useSpeech } from '../words/words';
import type { DialogProps } from './asking';
import { useKept } from './kept';
import { Question, useGive } from './question';

/** Where a case goes from the desk. */
export default function SortDialog({ wanted, title, close }: DialogProps) {
  const { t } = useSpeech();
  const [note, setNote, forget] = useKept(`SORT ${wanted.ids.join(' ')}`);
  const giving = useGive(wanted, () => {
    forget();
    close();
  });
  return (
    <Question title={title} giving={giving} ready={false} submit={() => undefined} close={close}>
      <OfficeChoices first={[]} choose={(office) => giving.give({ does: 'SORT', office, note: note.trim() })} />
      <Textarea label={t.desk.note} autosize minRows={1} maxRows={5} maxLength={4000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
    </Question>
  );
}
