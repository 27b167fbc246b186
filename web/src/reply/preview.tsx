// A reply as it leaves: what the server would write, shown as a mail that came in is.

import { Button, Loader, Modal } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from '../api/ask';
import { ReplyPreviewDocument, type ReplyMetaFragment, type ReplyPreviewQuery } from '../generated/graphql';
import { MessageText } from '../message/text';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './reply.module.css';
import { words } from './words';

export type Previewed = NonNullable<Extract<NonNullable<ReplyPreviewQuery['node']>, { preview: unknown }>['preview']>;

/** Asks for a reply as it would leave now; null when it is not to be seen. */
export async function previewOf(id: string): Promise<Previewed | null> {
  const { node } = await ask(ReplyPreviewDocument, { id });
  return node && 'preview' in node ? node.preview : null;
}

/** Asks once, and whenever `again` is called. */
export function usePreview(id: string, before: () => Promise<boolean>): { preview?: Previewed; failed: boolean; again: () => void } {
  const [answer, setAnswer] = useState<Previewed | null | undefined>(undefined);
  const first = useRef(before);
  const again = useCallback(() => {
    setAnswer(undefined);
    void first.current().then((ready) => (ready ? previewOf(id) : null)).catch(() => null).then(setAnswer);
  }, [id]);
  useEffect(again, [again]);
  return { preview: answer ?? undefined, failed: answer === null, again };
}

export default function PreviewDialog({ reply, ready, close }: { reply: ReplyMetaFragment; ready(): Promise<boolean>; close(): void }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const { preview, failed, again } = usePreview(reply.id, ready);
  return (
    <Modal opened onClose={close} size="xl" title={`${w.preview}: ${w.previewTold}`} closeButtonProps={{ 'aria-label': t.close }}>
      {failed && <p role="alert">{w.notYetSaved} <Button size="compact-sm" variant="default" onClick={again}>{t.tryAgain}</Button></p>}
      {!preview && !failed && <Loader aria-label={t.waiting} />}
      {preview && (
        <div className={css.preview}>
          <dl>
            <dt>{w.from}</dt><dd>{preview.from.name ? `${preview.from.name} <${preview.from.address}>` : preview.from.address}</dd>
            <dt>{w.to}</dt><dd>{reply.to.map((a) => a.address).join(', ')}</dd>
            {reply.cc.length > 0 && <><dt>{w.cc}</dt><dd>{reply.cc.map((a) => a.address).join(', ')}</dd></>}
            <dt>{w.subject}</dt><dd><strong>{preview.subject}</strong></dd>
          </dl>
          <MessageText {...shownOf(reply.id, preview)} />
          <dl>
            <dt>{w.messageSize}</dt><dd>{dates.bytes(Number(preview.size))}</dd>
            <dt>{w.fingerprint}</dt><dd><code>{preview.hash}</code></dd>
          </dl>
          <p><a href={`/api/v1/replies/${reply.id}/preview.eml`} download><Icon name="download" size={14} /> {w.downloadMessage}</a></p>
        </div>
      )}
    </Modal>
  );
}

/** Where a picture is served as one. */
export function shownAt({ path }: { path: string }): string {
  return `${path}?inline=1`;
}

/** Where what a reply says is shown as a mail that came in is: the server writes the page. */
export function shownOf(id: string, { size }: { size: string | number }): { path: string; html: true; source: { path: string; size: number } } {
  return { path: `/api/v1/replies/${id}/body`, html: true, source: { path: `/api/v1/replies/${id}/preview.eml`, size: Number(size) } };
}
