import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../../api/ask';
import { MemberAddDocument, UserAddDocument, type MemberRole } from '../../generated/graphql';
import { useToast } from '../../shell/toasts';
import { useWords } from '../../words/words';
import { FormDialog } from '../form-dialog';
import type { Office } from '../offices/offices';
import { useSaving } from '../saving';
import { memberRoles } from './members';
import { NewPassword } from './new-password';
import { houseRoles, personAddress } from './people';
import css from './people.module.css';
import { words } from './words';

/** Adds a person, with a first role. */
export default function PersonAdd({ offices, close }: { offices: readonly Office[]; close(): void }) {
  const w = useWords(words);
  const toast = useToast();
  const answers = useQueryClient();
  const [, navigate] = useLocation();
  const saving = useSaving('email', 'name', 'password');
  const [fields, setFields] = useState({ name: '', email: '', password: '', sorter: false, administrator: false, auditor: false });
  const set = (some: Partial<typeof fields>): void => setFields((f) => ({ ...f, ...some }));
  const [officeId, setOfficeId] = useState('');
  const [role, setRole] = useState<MemberRole>('OPERATOR');
  const submit = async (): Promise<void> => {
    let id: string | undefined;
    const done = await saving.save(async () => {
      const { userAdd } = await ask(UserAddDocument, { input: { ...fields, password: fields.password || null } });
      id = userAdd.user?.id;
      return userAdd.userErrors;
    });
    if (!done || id === undefined) {
      return;
    }
    const refused = officeId === '' ? [] : await ask(MemberAddDocument, { input: { userId: id, officeId, role } }).then((a) => a.memberAdd.userErrors, (failure: Error) => [{ message: failure.message }]);
    toast(refused[0] ? { tone: 'trouble', text: w.addedWithout(fields.name, refused[0].message) } : { text: w.added(fields.name) });
    await answers.invalidateQueries({ queryKey: ['people'] });
    void answers.invalidateQueries({ queryKey: ['offices'] });
    close();
    navigate(personAddress(id));
  };
  return (
    <FormDialog title={w.addTitle} verb={w.add} saving={saving} submit={() => void submit()} close={close}>
      <TextInput label={w.name} size="md" required data-autofocus autoComplete="off" maxLength={200} value={fields.name} error={saving.at('name')} onChange={(e) => set({ name: e.currentTarget.value })} />
      <TextInput label={w.email} description={w.emailTold} type="email" size="md" required autoComplete="off" maxLength={254} value={fields.email} error={saving.at('email')} onChange={(e) => set({ email: e.currentTarget.value })} />
      <NewPassword label={w.firstPassword} description={`${w.passwordTold} ${w.noPassword}`} value={fields.password} set={(password) => set({ password })} error={saving.at('password')} />
      <div className={css.two}>
        <NativeSelect label={w.firstOffice} size="md" value={officeId} onChange={(e) => setOfficeId(e.currentTarget.value)} data={[{ value: '', label: w.noOffice }, ...offices.map((o) => ({ value: o.id, label: o.name }))]} />
        <NativeSelect label={w.role} size="md" value={role} disabled={officeId === ''} onChange={(e) => setRole(e.currentTarget.value as MemberRole)} data={memberRoles.map((r) => ({ value: r, label: w.memberRoles[r] }))} />
      </div>
      <fieldset className={css.roles}>
        <legend>{w.houseRoles}</legend>
        {houseRoles.map((r) => <Checkbox key={r} size="md" label={w.rolesOf[r]} description={w.rolesTold[r]} checked={fields[r]} onChange={(e) => set({ [r]: e.currentTarget.checked })} />)}
      </fieldset>
    </FormDialog>
  );
}
