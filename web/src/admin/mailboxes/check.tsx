import { Button, Loader, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ask } from '../../api/ask';
import { MailboxCheckDocument, type MailboxStateFragment } from '../../generated/graphql';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { State } from '../parts';
import { whyOf } from '../saving';
import { Steps } from './steps';
import { words } from './words';

/** Tries a mailbox, and tells how far it came. */
export default function Check({ box, close }: { box: MailboxStateFragment; close(): void }) {
  const { t } = useSpeech();
  const w = useWords(words);
  // A command, which nothing repeats by itself: many tries could lock the account.
  const { data, error, isPending: isTrying, mutate } = useMutation({ mutationFn: async () => (await ask(MailboxCheckDocument, { id: box.id })).mailboxCheck });
  const begun = useRef(false);
  useEffect(() => {
    if (!begun.current) {
      begun.current = true;
      mutate();
    }
  }, [mutate]);
  const refused = error ? whyOf(error, t) : data?.userErrors.map((e) => e.message).join(' ');
  const isWell = data !== undefined && data.steps.every((s) => s.ok);
  return (
    <Modal opened onClose={close} title={w.checked(box.address)} size="lg" closeButtonProps={{ 'aria-label': t.close }}>
      <div className={shared.form}>
        <div role="status">
          {isTrying || (!data && !error)
            ? <><Loader size="sm" aria-hidden /> {w.checking}</>
            : refused ? <State tone="warn">{refused}</State> : <State tone={isWell ? 'good' : 'bad'}>{isWell ? w.wentWell : w.wentWrong}</State>}
        </div>
        {!isTrying && data && <Steps steps={data.steps} />}
        <div className={shared.buttons}>
          <Button variant="default" size="md" disabled={isTrying} onClick={() => mutate()}>{t.tryAgain}</Button>
          <Button size="md" data-autofocus onClick={close}>{t.close}</Button>
        </div>
      </div>
    </Modal>
  );
}
