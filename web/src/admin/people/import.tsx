import { Button, Checkbox, Modal, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { ask } from '../../api/ask';
import { MemberAddDocument, UserAddDocument } from '../../generated/graphql';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import type { Office } from '../offices/offices';
import { State } from '../parts';
import { whyOf } from '../saving';
import { Table } from '../table';
import { words as common } from '../words';
import { candidatesOf, passwordsCsv, type Candidate } from './csv';
import { proposal } from './new-password';
import { houseRoles, type Someone } from './people';
import css from './people.module.css';
import { words } from './words';

interface Outcome {
  done: number;
  passwords: { name: string; email: string; password: string }[];
  failures: { who: Candidate; why: string }[];
}

/** Adds many people at once, after it was shown what becomes of each row. */
export default function ImportPeople({ offices, people, close }: { offices: readonly Office[]; people: readonly Someone[]; close(): void }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const answers = useQueryClient();
  const file = useRef<HTMLInputElement>(null);
  const [known] = useState(people); // those who are added on the way do not become doubles of themselves
  const [text, setText] = useState('');
  const [withPasswords, setWithPasswords] = useState(true);
  const [isRunning, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const candidates = useMemo(() => (text.trim() === '' ? [] : candidatesOf(text, offices, known)), [text, offices, known]);
  const good = candidates?.filter((x) => x.fault === null) ?? [];
  const add = async (who: Candidate, password: string | null): Promise<string | undefined> => {
    const { name, email, sorter, administrator, auditor } = who;
    const { userAdd } = await ask(UserAddDocument, { input: { name, email, sorter, administrator, auditor, password } });
    if (userAdd.userErrors[0] || !userAdd.user) {
      return userAdd.userErrors[0]?.message ?? '';
    }
    return who.office ? (await ask(MemberAddDocument, { input: { userId: userAdd.user.id, officeId: who.office.id, role: who.role } })).memberAdd.userErrors[0]?.message : undefined;
  };
  const run = async (): Promise<void> => {
    setRunning(true);
    const now: Outcome = { done: 0, passwords: [], failures: [] };
    for (const who of good) {
      const password = withPasswords ? proposal() : null;
      const why = await add(who, password).catch((failure: unknown) => whyOf(failure, t));
      if (why !== undefined) {
        now.failures.push({ who, why });
      } else if (password !== null) {
        now.passwords.push({ name: who.name, email: who.email, password });
      }
      now.done++;
      setOutcome({ ...now });
    }
    setRunning(false);
    void answers.invalidateQueries({ queryKey: ['people'] });
    void answers.invalidateQueries({ queryKey: ['offices'] });
  };
  const handOut = (): void => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([passwordsCsv(outcome?.passwords ?? [], [w.name, w.email, w.firstPassword])], { type: 'text/csv' }));
    link.download = 'password.csv';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Modal opened onClose={() => !isRunning && close()} title={w.importTitle} size="xl" closeOnClickOutside={false} closeButtonProps={{ 'aria-label': t.close }}>
      <div className={shared.form}>
        <p className={shared.said}>{w.importTold}</p>
        {!outcome && (
          <>
            <input ref={file} type="file" accept=".csv,text/csv,text/plain" hidden aria-label={w.importFile} onChange={(e) => void e.currentTarget.files?.[0]?.text().then(setText)} />
            <div><Button variant="default" data-autofocus onClick={() => file.current?.click()}>{w.importFile}</Button></div>
            <Textarea label={w.importText} rows={5} value={text} error={candidates === null ? w.importNoHead : undefined} onChange={(e) => setText(e.currentTarget.value)} />
            <Checkbox size="md" label={w.importPasswords} checked={withPasswords} onChange={(e) => setWithPasswords(e.currentTarget.checked)} />
          </>
        )}
        {!outcome && candidates !== null && candidates.length > 0 && (
          <div className={css.preview} role="region" aria-label={w.importPreview} tabIndex={0}>
            <Table
              label={w.importPreview}
              rows={candidates.map((x, i) => ({ ...x, line: i + 2 }))}
              keyOf={(x) => String(x.line)}
              columns={[
                { title: w.importLine, isNumber: true, cell: (x) => x.line },
                { title: w.name, cell: (x) => x.name || c.none },
                { title: w.email, cell: (x) => x.email || c.none },
                { title: w.houseRoles, cell: (x) => houseRoles.filter((r) => x[r]).map((r) => w.rolesOf[r]).join(', ') || c.none },
                { title: w.firstOffice, cell: (x) => (x.office ? `${x.office.name}: ${w.memberRoles[x.role]}` : c.none) },
                { title: w.importState, cell: (x) => (x.fault ? <State tone="bad">{w.importFaults[x.fault]}</State> : <State tone="good">{w.importGood}</State>) },
              ]}
            />
          </div>
        )}
        {outcome && (
          <>
            <p role="status">{w.importDone(outcome.done - outcome.failures.length, good.length)}</p>
            {outcome.failures.length > 0 && (
              <Table
                label={w.importFailures} rows={outcome.failures} keyOf={(f) => f.who.email}
                columns={[{ title: w.name, cell: (f) => f.who.name }, { title: w.email, cell: (f) => f.who.email }, { title: w.importFailures, cell: (f) => f.why }]}
              />
            )}
            {outcome.passwords.length > 0 && !isRunning && <p><Button variant="default" onClick={handOut}>{w.importHandOut}</Button> {w.importHandOutTold}</p>}
          </>
        )}
        <div className={shared.buttons}>
          <Button variant="default" size="md" disabled={isRunning} onClick={close}>{outcome ? t.close : c.cancel}</Button>
          {(!outcome || isRunning) && <Button size="md" disabled={good.length === 0} loading={isRunning} onClick={() => void run()}>{w.importRun(good.length)}</Button>}
        </div>
      </div>
    </Modal>
  );
}
