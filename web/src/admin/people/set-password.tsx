import { useState } from 'react';
import { ask } from '../../api/ask';
import { UserSetDocument } from '../../generated/graphql';
import { useToast } from '../../shell/toasts';
import { useWords } from '../../words/words';
import shared from '../admin.module.css';
import { FormDialog } from '../form-dialog';
import { useSaving } from '../saving';
import { NewPassword } from './new-password';
import type { Someone } from './people';
import { words } from './words';

/** A new password for somebody who forgot it. */
export default function SetPassword({ person, close }: { person: Someone; close(): void }) {
  const w = useWords(words);
  const toast = useToast();
  const saving = useSaving('password');
  const [password, setPassword] = useState('');
  const submit = async (): Promise<void> => {
    if (await saving.save(async () => (await ask(UserSetDocument, { input: { userId: person.id, password } })).userSet.userErrors)) {
      toast({ text: w.passwordSet(person.name) });
      close();
    }
  };
  return (
    <FormDialog title={`${w.setPassword}: ${person.name}`} verb={w.setPassword} saving={saving} submit={() => void submit()} close={close}>
      <p className={shared.said}>{w.passwordEnds(person.name)}</p>
      <NewPassword label={w.newPassword} description={w.passwordTold} value={password} set={setPassword} error={saving.at('password')} focused />
    </FormDialog>
  );
}
