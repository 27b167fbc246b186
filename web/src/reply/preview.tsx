// A reply as it leaves: what the server would write, shown in a frame where nothing runs.

import { Button, Loader, Modal } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from '../api/ask';
import { ReplyPreviewDocument, type ReplyMetaFragment, type ReplyPreviewQuery } from '../generated/graphql';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { bodyOf } from './markup';
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
  const [asText, setAsText] = useState(false);
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
          <div>
            <Button size="compact-sm" variant="default" aria-pressed={asText} onClick={() => setAsText(!asText)}>{asText ? w.asHtml : w.asText}</Button>
          </div>
          {asText ? <pre>{preview.text}</pre> : <Letter html={preview.html} files={reply.files} />}
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

/** Pixels around a mail that is shown. */
const edge = 12;

/** Where a picture is served as one. */
export function shownAt({ path }: { path: string }): string {
  return `${path}?inline=1`;
}

/** The HTML of a mail of ours, with its pictures. */
export function Letter({ html, files }: { html: string; files: ReplyMetaFragment['files'] }) {
  const w = useWords(words);
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(160);
  const measure = (): void => {
    const whole = frame.current?.contentDocument?.body.firstElementChild as HTMLElement | null | undefined;
    if (whole && whole.offsetHeight > 0) {
      setHeight(whole.offsetHeight + 2 * edge + 2);
    }
  };
  const show = useCallback(() => {
    const page = frame.current?.contentDocument;
    if (!page) {
      return;
    }
    const body = bodyOf(html);
    for (const picture of body.querySelectorAll('img')) {
      const file = files.find((f) => `cid:${f.contentId}` === picture.getAttribute('src'));
      picture.src = file ? shownAt(file) : '';
    }
    const whole = page.createElement('div'); // a page of the old kind is as high as its frame: this is not
    whole.style.display = 'flow-root';
    whole.append(...page.importNode(body, true).childNodes);
    page.documentElement.lang = 'it';
    page.title = w.text;
    page.body.style.margin = `${edge}px`;
    page.body.replaceChildren(whole);
    measure();
  }, [html, files, w]);
  useEffect(() => {
    show(); // some browsers have the empty page at once, others load it
    const resized = new ResizeObserver(measure); // also when what hides it opens
    resized.observe(frame.current!);
    return () => resized.disconnect();
  }, [show]);
  return <iframe ref={frame} title={w.text} sandbox="allow-same-origin" className={css.letter} style={{ height }} onLoad={show} />;
}
