// A PEC that answers nothing: from which office and mailbox, then it is written.

import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../api/ask';
import { LetterStartDocument, SendingMailboxesDocument } from '../generated/graphql';
import { caseAddress, searchOf } from '../shell/address';
import { useRoles } from '../shell/house';
import { Nothing } from '../shell/states';
import { useTitle } from '../shell/title';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import css from './new.module.css';
import { words } from './words';

export default function NewLetter() {
  const w = useWords(words);
  useTitle(w.newTitle);
  const { t } = useSpeech();
  const { works } = useRoles();
  const toast = useToast();
  const [, navigate] = useLocation();
  const [office, setOffice] = useState(works[0]?.id ?? '');
  const [chosen, setChosen] = useState('');
  const [isBusy, setBusy] = useState(false);
  const { data } = useQuery({
    queryKey: ['mailboxes', 'sending'],
    queryFn: async ({ signal }) => (await ask(SendingMailboxesDocument, {}, signal)).mailboxes.nodes,
  });
  const fit = (data ?? []).filter((m) => m.sends && (m.office === null || m.office.id === office))
    .sort((a, b) => Number(b.office !== null) - Number(a.office !== null));
  const mailbox = fit.find((m) => m.id === chosen) ?? fit[0];
  if (works.length === 0) {
    return <Nothing>{w.noOffice}</Nothing>;
  }
  const begin = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const { letterStart: begun } = await ask(LetterStartDocument, { input: { officeId: office, mailboxId: mailbox!.id } });
      if (begun.reply?.case) {
        navigate(caseAddress(begun.reply.case.number) + searchOf({ reply: begun.reply.id }), { replace: true });
        return;
      }
      toast({ tone: 'trouble', text: w.notBegun(begun.userErrors[0]?.message ?? '') });
    } catch {
      toast({ tone: 'trouble', text: w.notBegun(t.unreachable) });
    }
    setBusy(false);
  };
  return (
    <form className={css.begin} onSubmit={(e) => void begin(e)}>
      <h1>{w.newTitle}</h1>
      <p>{w.newTold}</p>
      <NativeSelect size="md" label={w.office} data={works.map((o) => ({ value: o.id, label: o.name }))} value={office} onChange={(e) => setOffice(e.currentTarget.value)} />
      <NativeSelect
        size="md" label={w.mailbox} data={fit.map((m) => ({ value: m.id, label: m.address }))} value={mailbox?.id ?? ''} onChange={(e) => setChosen(e.currentTarget.value)}
        error={data !== undefined && fit.length === 0 ? w.noMailbox : undefined}
      />
      <Button type="submit" size="md" disabled={!mailbox} loading={isBusy}>{w.newBegin}</Button>
    </form>
  );
}
