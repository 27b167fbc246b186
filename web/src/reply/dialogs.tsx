// The smaller questions of writing: which template, which link, whether to discard.

import { Button, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ask } from '../api/ask';
import { TemplatesDocument, type TemplateKind } from '../generated/graphql';
import { Choices } from '../shell/choices';
import { matches } from '../shell/match';
import { useSpeech, useWords } from '../words/words';
import css from './reply.module.css';
import { isLink } from './schema';
import { words } from './words';

/** Texts to begin with, or blocks to sign with, found by typing. */
export function TemplatePicker({ kind, choose, close }: { kind: TemplateKind; choose(id: string): void; close(): void }) {
  const w = useWords(words);
  const { t } = useSpeech();
  const [text, setText] = useState('');
  const { data, isPending } = useQuery({
    queryKey: ['templates', kind],
    queryFn: async ({ signal }) => (await ask(TemplatesDocument, { kind }, signal)).templates,
  });
  const choices = useMemo(
    () => (data ?? []).map((m) => ({ id: m.id, title: m.name, note: m.office?.name ?? (m.person ? w.mine : w.ofHouse), subject: m.subject }))
      .filter((m) => matches(text, `${m.title} ${m.note} ${m.subject}`)),
    [data, text, w],
  );
  const title = kind === 'TEXT' ? w.templates : w.signatures;
  return (
    <Modal opened onClose={close} title={title} yOffset="10vh" closeButtonProps={{ 'aria-label': t.close }}>
      <Choices
        label={title} empty={isPending ? t.waiting : data?.length === 0 ? w.noTemplates : t.nothingFound} choices={choices} choose={(c) => choose(c.id)}
        input={(props) => <TextInput {...props} data-autofocus label={kind === 'TEXT' ? w.templateSearch : w.signatureSearch} value={text} onChange={(e) => setText(e.currentTarget.value)} />}
      />
    </Modal>
  );
}

export function LinkDialog({ first, set, close }: { first: string; set(href: string | null): void; close(): void }) {
  const w = useWords(words);
  const { t } = useSpeech();
  const [href, setHref] = useState(first);
  const [isWrong, setWrong] = useState(false);
  const submit = (): void => {
    const typed = href.trim();
    const full = /^[a-z]+:/i.test(typed) ? typed : typed.includes('@') ? `mailto:${typed}` : `https://${typed}`;
    if (typed !== '' && isLink(full)) {
      set(full);
    } else {
      setWrong(true);
    }
  };
  return (
    <Modal opened onClose={close} title={w.link} closeButtonProps={{ 'aria-label': t.close }}>
      <form onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}>
        <TextInput data-autofocus label={w.linkAddress} inputMode="url" value={href} error={isWrong ? w.linkWrong : undefined} onChange={(e) => setHref(e.currentTarget.value)} />
        <div className={css.buttons}>
          {first !== '' && <Button variant="default" onClick={() => set(null)}>{w.linkRemove}</Button>}
          <Button type="submit">{w.linkSet}</Button>
        </div>
      </form>
    </Modal>
  );
}

export function DiscardDialog({ discard, close }: { discard(): void; close(): void }) {
  const w = useWords(words);
  const { t } = useSpeech();
  return (
    <Modal opened onClose={close} title={w.discardTitle} closeButtonProps={{ 'aria-label': t.close }}>
      <p>{w.discardTold}</p>
      <div className={css.buttons}>
        <Button variant="default" onClick={close}>{w.cancel}</Button>
        <Button data-autofocus color="red" onClick={discard}>{w.discardDo}</Button>
      </div>
    </Modal>
  );
}
