// What goes along: files that are there, files on their way, and those of the original.

import { useRef, useSyncExternalStore } from 'react';
import type { ReplyMetaFragment } from '../generated/graphql';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { Pop } from './pop';
import css from './reply.module.css';
import type { Going, Uploads } from './uploads';
import { words } from './words';

type File_ = ReplyMetaFragment['files'][number];
type Original = NonNullable<ReplyMetaFragment['answers']>['attachments']['nodes'][number];

/** About as many bytes as files have once they are encoded in a message (base64, in lines). */
export function encoded(bytes: number): number {
  return Math.ceil(bytes * 1.37);
}

export function Files({ files, originals, uploads, limit, remove, cancel, takeAlong, disabled, attach }: {
  files: readonly File_[];
  /** Attachments of the message that is answered which are not attached yet. */
  originals: readonly Original[];
  uploads: Uploads;
  /** Most bytes of the message. */
  limit: number;
  remove(file: File_): void;
  cancel(going: Going): void;
  takeAlong(original: Original): void;
  attach(files: readonly File[]): void;
  disabled: boolean;
}) {
  const w = useWords(words);
  const { dates } = useSpeech();
  const going = useSyncExternalStore(uploads.watch, () => uploads.all);
  const chooser = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const beside = files.filter((f) => f.contentId === '');
  const total = encoded([...files, ...going].reduce((sum, f) => sum + Number(f.size), 0));
  const isOver = total > limit;
  return (
    <section className={css.files} aria-label={w.files}>
      {!disabled && (
        <>
          <button ref={button} type="button" className={css.attach} onClick={() => chooser.current?.click()}><Icon name="clip" /> {w.attach}</button>
          <input
            ref={chooser} type="file" multiple hidden aria-label={w.attach}
            onChange={(e) => {
              attach([...(e.currentTarget.files ?? [])]);
              e.currentTarget.value = '';
            }}
          />
          {originals.length > 0 && (
            <Pop
              id="original" label={w.fromOriginal} icon="mail" text={w.fromOriginal} tool={{ tabIndex: 0, onFocus: () => undefined }}
              choices={originals.map((o) => ({ id: o.id, title: `${o.name} (${dates.bytes(Number(o.size))})` }))}
              choose={(id) => {
                takeAlong(originals.find((o) => o.id === id)!);
                button.current?.focus();
              }}
            />
          )}
        </>
      )}
      {beside.length + going.length > 0 && (
        <ul>
          {beside.map((f) => (
            <li key={f.id} data-bad={f.scan === 'INFECTED' || undefined}>
              <Icon name={f.scan === 'INFECTED' ? 'warning' : 'file'} size={16} />
              {f.scan === 'INFECTED' ? <span>{f.name}: {w.infected(f.scanText)}</span> : <a href={f.path} download={f.name}>{f.name}</a>}
              <small>{dates.bytes(Number(f.size))}</small>
              {!disabled && (
                <button type="button" aria-label={w.removeFile(f.name)} onClick={() => {
                  remove(f);
                  button.current?.focus();
                }}>
                  <Icon name="close" size={14} />
                </button>
              )}
            </li>
          ))}
          {going.map((g) => <OnItsWay key={g.key} going={g} cancel={() => cancel(g)} retry={() => uploads.retry(g.key)} />)}
        </ul>
      )}
      {total > 0 && (
        <p className={css.total} data-over={isOver || undefined} role="status">
          {isOver && <><Icon name="warning" size={14} /> </>}{isOver ? w.tooLarge(dates.bytes(total), dates.bytes(limit)) : w.total(dates.bytes(total), dates.bytes(limit))}
        </p>
      )}
    </section>
  );
}

function OnItsWay({ going, cancel, retry }: { going: Going; cancel(): void; retry(): void }) {
  const w = useWords(words);
  const { dates, language } = useSpeech();
  const part = going.size === 0 ? 0 : going.sent / going.size;
  const percent = new Intl.NumberFormat(language, { style: 'percent' }).format(Math.floor(part * 100) / 100);
  return (
    <li data-bad={going.state === 'failed' || undefined}>
      <Icon name={going.state === 'failed' ? 'warning' : 'clock'} size={16} />
      <span>{going.name}</span>
      <small>{dates.bytes(going.size)}</small>
      {going.state === 'failed'
        ? <span role="alert">{w.uploadFailed(going.why || w.uploadLost)}</span>
        : <progress aria-label={going.name} max={1} value={part} />}
      {going.state === 'going' && <small>{part >= 1 ? w.finishing : w.sent(percent)}</small>}
      {going.state === 'waiting' && <small role="status">{w.uploadLost}</small>}
      {going.state === 'failed' && <button type="button" aria-label={w.retryUpload(going.name)} onClick={retry}><Icon name="refresh" size={14} /></button>}
      <button type="button" aria-label={w.cancelUpload(going.name)} onClick={cancel}><Icon name="close" size={14} /></button>
    </li>
  );
}
