import { useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/ask';
import { UserSetDocument } from '../../generated/graphql';
import { useToast } from '../../shell/toasts';
import { useWords } from '../../words/words';
import { Confirm } from '../confirm';
import { useAbsences } from './absences';
import type { Someone } from './people';
import { words } from './words';

/** Keeps a person out, after it was said what that hits. */
export default function Disable({ person, close }: { person: Someone; close(): void }) {
  const w = useWords(words);
  const toast = useToast();
  const answers = useQueryClient();
  const { data } = useAbsences(person.id);
  const planned = data?.absences.filter((a) => a.state === 'PLANNED' || a.state === 'ACTIVE').length ?? 0;
  return (
    <Confirm
      title={w.disableTitle(person.name)} verb={w.disable} typed={person.name} label={w.typeName(person.name)} close={close}
      impact={w.disableImpact(person.memberships.nodes.length, planned)}
      command={async () => (await ask(UserSetDocument, { input: { userId: person.id, disabled: true } })).userSet.userErrors}
      done={() => {
        toast({ text: w.disabled(person.name) });
        void answers.invalidateQueries({ queryKey: ['people'] });
      }}
    />
  );
}
