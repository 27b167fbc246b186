import { Checkbox } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/ask';
import { MailboxSetPasswordDocument, type MailboxStateFragment } from '../../generated/graphql';
import { PasswordField } from '../../shell/password-field';
import { useToast } from '../../shell/toasts';
import { useWords } from '../../words/words';
import shared from '../admin.module.css';
import { FormDialog } from '../form-dialog';
import { useSaving } from '../saving';
import { Steps, type Step } from './steps';
import { words } from './words';

/** A new password for a mailbox: it goes in and never comes out again. */
export default function Password({ box, close }: { box: MailboxStateFragment; close(): void }) {
  const w = useWords(words);
  const toast = useToast();
  const answers = useQueryClient();
  const saving = useSaving('password');
  const [password, setPassword] = useState('');
  const [check, setCheck] = useState(true);
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const submit = async (): Promise<void> => {
    const done = await saving.save(async () => {
      const { mailboxSetPassword: set } = await ask(MailboxSetPasswordDocument, { input: { mailboxId: box.id, password, check } });
      setSteps(set.steps);
      return set.userErrors;
    });
    if (done) {
      void answers.invalidateQueries({ queryKey: ['mailboxes'] });
      toast({ text: w.passwordSet(box.address) });
      close();
    }
  };
  return (
    <FormDialog title={w.passwordOf(box.address)} verb={w.setPassword} saving={saving} submit={() => void submit()} close={close}>
      <p className={shared.said}>{w.passwordTold}</p>
      <PasswordField
        label={w.password} size="md" required autoComplete="new-password" data-autofocus
        value={password} error={saving.at('password')} onChange={(e) => setPassword(e.currentTarget.value)}
      />
      <Checkbox size="md" label={w.checkFirst} checked={check} description={check ? undefined : w.unchecked} onChange={(e) => setCheck(e.currentTarget.checked)} />
      {saving.at('password') && <Steps steps={steps} />}
    </FormDialog>
  );
}
