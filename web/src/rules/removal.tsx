import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '../admin/form-dialog';
import { useSaving } from '../admin/saving';
import { useWords } from '../words/words';
import { useRuleCommands, type Rule } from './rulebook';
import { words } from './words';

/** Asks whether a rule is to leave the list: what is lost, what stays, and its name typed out. */
export function Removal({ rule, removed, close }: { rule: Rule; removed(): void; close(): void }) {
  const w = useWords(words);
  const commands = useRuleCommands();
  const saving = useSaving();
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      title={w.removal.title(rule.name)}
      verb={w.removal.confirm}
      isDangerous
      possible={typed.trim().toLowerCase() === rule.name.toLowerCase()}
      saving={saving}
      close={close}
      submit={() => void saving.save(() => commands.remove(rule)).then((done) => done && removed())}
    >
      <p>{rule.hits > 0 ? w.removal.told(rule.hits) : w.removal.toldNone}</p>
      <TextInput data-autofocus label={w.removal.type(rule.name)} autoComplete="off" value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
    </FormDialog>
  );
}
