// What a message says, in a frame of its own where no script runs and nothing is
// fetched. The server wrote that page; who opens it stands in the register.

import { Anchor, Button, Checkbox, useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { keepText, KeptText } from '../offline/kept-text';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { firstOf } from '../viewers/fetched';
import { listenInside } from './frame-keys';
import css from './message.module.css';
import { words } from './words';

/** Where a message can be had as it is written. */
export interface Source {
  path: string;
  size: number;
}

type How = 'html' | 'text' | 'source';

/** How its text can be read without a network: under which id, and whether this device may keep it. */
export interface Offline {
  id: string;
  keep: boolean;
}

export function MessageText({ path, html, source, offline }: { path: string; html: boolean; source: Source; offline?: Offline }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const [how, setHow] = useState<How>(html ? 'html' : 'text');
  const [inverted, setInverted] = useState(false);
  const dark = useComputedColorScheme('light') === 'dark';
  const name = useId();
  const hows: How[] = html ? ['html', 'text', 'source'] : ['text', 'source'];
  return (
    <section className={css.text} aria-label={t.message.text}>
      <div className={css.how}>
        <fieldset className={css.hows} aria-label={w.how}>
          {hows.map((h) => (
            <label key={h}><input type="radio" name={name} checked={h === how} onChange={() => setHow(h)} /><span>{w.hows[h]}</span></label>
          ))}
        </fieldset>
        {dark && how !== 'source' && <Checkbox size="sm" label={w.invert} checked={inverted} onChange={(e) => setInverted(e.currentTarget.checked)} />}
      </div>
      {how === 'source' ? <Written source={source} /> : <Page key={how} path={how === 'text' && html ? `${path}${path.includes('?') ? '&' : '?'}as=text` : path} inverted={dark && inverted} offline={offline} />}
    </section>
  );
}

function Page({ path, inverted, offline }: { path: string; inverted: boolean; offline: Offline | undefined }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const [remote, setRemote] = useState(false);
  const [height, setHeight] = useState(64);
  const [page, setPage] = useState<DOMStringMap>({});
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const frame = useRef<HTMLIFrameElement>(null);
  const quiet = useRef<() => void>(null);
  const again = useCallback(() => setTries((n) => n + 1), []);
  const loaded = (): void => {
    const inside = ofFrame(frame.current);
    setFailed(!inside);
    if (inside) {
      setPage({ ...inside.documentElement.dataset });
      setHeight(heightOf(inside));
      quiet.current?.();
      quiet.current = listenInside(frame.current!);
      if (offline?.keep) {
        void keepText(offline.id, inside.documentElement);
      }
    }
  };
  useEffect(() => {
    const observed = frame.current;
    if (!observed) {
      return undefined;
    }
    const resized = new ResizeObserver(() => { // narrower lines make a longer page
      const inside = ofFrame(observed);
      if (inside) {
        setHeight(heightOf(inside));
      }
    });
    resized.observe(observed);
    return () => {
      resized.disconnect();
      quiet.current?.();
    };
  }, [tries]);
  const pictures = Number(page['remotePictures'] ?? 0);
  return (
    <>
      {page['remote'] === 'blocked' && pictures > 0 && (
        <p className={css.blocked}>
          <Icon name="eye" /> {t.message.blocked(pictures)} <Button size="compact-sm" variant="default" onClick={() => setRemote(true)}>{t.message.showPictures}</Button>
        </p>
      )}
      {page['remote'] === 'shown' && <p className={css.blocked} role="status"><Icon name="eye" /> {w.picturesShown}</p>}
      {failed && (offline
        ? <KeptText id={offline.id} path={path} again={again} />
        : <p role="alert">{w.notShown} <Button size="compact-sm" variant="default" onClick={() => setTries((n) => n + 1)}>{t.tryAgain}</Button></p>)}
      <iframe
        key={tries}
        ref={frame}
        hidden={failed}
        title={t.message.text}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        src={remote ? `${path}${path.includes('?') ? '&' : '?'}remote=1` : path}
        style={{ height }}
        data-inverted={inverted || undefined}
        onLoad={loaded}
      />
    </>
  );
}

/** The page in a frame; null while there is none, and for the browser's own page or what the server said instead. */
function ofFrame(frame: HTMLIFrameElement | null): Document | null {
  const inside = frame?.contentDocument;
  return inside?.documentElement?.dataset['form'] === undefined ? null : inside;
}

/** With the margins of its body, and room for a bar that scrolls a wide table. */
function heightOf(inside: Document): number {
  return inside.body.scrollHeight + 32;
}

/** How much of an original is shown: its headers, and what stands at its beginning. */
const most = 128 << 10;

function Written({ source }: { source: Source }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const { data, error } = useQuery({
    queryKey: ['source', source.path],
    queryFn: async ({ signal }) => {
      const response = await fetch(source.path, { signal, headers: { Range: `bytes=0-${most - 1}` } });
      if (!response.ok || !response.body) {
        throw new Error(`status ${response.status}`);
      }
      return new TextDecoder('windows-1252').decode((await firstOf(response.body, most)).bytes);
    },
    retry: false,
  });
  if (error) {
    return <p role="alert">{t.unreachable}</p>;
  }
  return (
    <>
      <p className={css.blocked}>
        {source.size > most && w.sourceCut(dates.bytes(most), dates.bytes(source.size))}
        <Anchor href={source.path} download>{t.message.original}</Anchor>
      </p>
      <pre className={css.source} tabIndex={0} aria-label={w.hows.source}>{data ?? t.waiting}</pre>
    </>
  );
}
