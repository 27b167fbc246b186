// A PDF: its pages, one under the other.

import { Button, TextInput } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { useCommands } from '../shell/commands';
import type { Command } from '../shell/keys';
import { PasswordField } from '../shell/password-field';
import { useSpeech, useWords } from '../words/words';
import type { ViewProps } from './kinds';
import { PdfReader, unread } from './pdf-reader';
import { usePrint } from './print-sheet';
import Unknown from './unknown';
import css from './viewer.module.css';
import { words } from './words';
import { Tool, usePinch, ZoomBar, type Zooming } from './zoom';

export default function Pdf(props: ViewProps) {
  const { content } = props;
  const w = useWords(words);
  const box = useRef<HTMLDivElement>(null);
  const reader = useRef<PdfReader>(null);
  const names = useRef(w.pageNumber);
  const [reading, setReading] = useState(unread);
  useEffect(() => {
    const opened = (reader.current = new PdfReader(box.current!, content, names.current, setReading));
    return () => opened.close();
  }, [content]);
  const { state, scale, page, pages } = reading;
  useEffect(() => {
    if (state === 'shown') {
      box.current?.focus(); // so that keys scroll it
    }
  }, [state]);
  const paper = usePaper(reader);
  const { start } = paper;
  const zooming = useMemo<Zooming>(() => ({
    scale,
    by: (factor, around) => reader.current?.zoom(factor, around),
    fit: () => reader.current?.fit(),
    rotate: () => reader.current?.rotate(),
    print: start,
  }), [scale, start]);
  usePinch(box, zooming);
  return (
    <>
      {state === 'shown' && (
        <ZoomBar
          zooming={zooming}
          before={<Pages page={page} pages={pages} goTo={(n) => reader.current?.goTo(n)} />}
          after={<Search found={reading.found} find={(text, how) => reader.current?.find(text, how)} leave={() => box.current?.focus()} />}
        />
      )}
      {paper.page > 0 && (
        <p className={css.progress} role="status">
          {w.printing(paper.page, pages)} <Button size="compact-sm" variant="default" onClick={paper.stop}>{w.stopPrinting}</Button>
        </p>
      )}
      <div className={css.area}>
        {(state === 'locked' || state === 'wrong-password') && <div className={css.over}><Password wrong={state === 'wrong-password'} unlock={(p) => reader.current?.unlock(p)} /></div>}
        {state === 'broken' && <div className={css.over}><Unknown {...props} why={w.broken} told={w.brokenTold} /></div>}
        {state === 'withheld' && <div className={css.over}><div className={css.told} role="alert"><p>{w.failed}</p></div></div>}
        <div ref={box} className={css.pages} tabIndex={0} role="document" aria-label={w.pages} data-shown={state === 'shown' || undefined}>
          <div className="pdfViewer" />
        </div>
      </div>
    </>
  );
}

function Pages({ page, pages, goTo }: { page: number; pages: number; goTo: (page: number) => void }) {
  const w = useWords(words);
  const [typed, setTyped] = useState<string | null>(null);
  const take = (): void => {
    const n = Number(typed);
    if (typed && Number.isInteger(n)) {
      goTo(n);
    }
    setTyped(null);
  };
  return (
    <div className={css.pageOf}>
      <Tool command={{ id: '', title: w.previousPage, group: '', run: () => goTo(page - 1) }} icon="chevronUp" />
      <TextInput
        size="xs" w="3.5rem" inputMode="numeric" aria-label={w.page} value={typed ?? String(page)}
        onFocus={(e) => e.currentTarget.select()}
        onChange={(e) => setTyped(e.currentTarget.value)}
        onBlur={take}
        onKeyDown={(e) => e.key === 'Enter' && take()}
      />
      <span>{w.ofPages(pages)}</span>
      <Tool command={{ id: '', title: w.nextPage, group: '', run: () => goTo(page + 1) }} icon="chevronDown" />
    </div>
  );
}

function Search({ found, find, leave }: { found: { at: number; of: number } | null; find: (text: string, how: 'first' | 'next' | 'previous') => void; leave: () => void }) {
  const w = useWords(words);
  const { t } = useSpeech();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useCommands(useMemo<Command[]>(() => [{ id: 'pdf-search', title: w.search, group: w.group, keys: '/', run: () => field.current?.focus() }], [w]), t.groups.everywhere);
  const ask = (how: 'next' | 'previous'): void => {
    find(text, text === asked ? how : 'first');
    setAsked(text);
  };
  return (
    <div className={css.search}>
      <TextInput
        ref={field} size="xs" type="search" aria-label={w.search} placeholder={w.search} value={text}
        onChange={(e) => {
          setText(e.currentTarget.value);
          if (e.currentTarget.value === '') {
            find('', 'first');
            setAsked('');
          }
        }}
        onKeyDown={(e) => {
          if (e.key === 'Enter') {
            ask(e.shiftKey ? 'previous' : 'next');
          } else if (e.key === 'Escape') {
            leave();
          }
        }}
      />
      <span role="status">{found && asked !== '' && w.found(found.at, found.of)}</span>
      {found && found.of > 1 && (
        <>
          <Tool command={{ id: '', title: w.previousFound, group: '', run: () => ask('previous') }} icon="chevronUp" />
          <Tool command={{ id: '', title: w.nextFound, group: '', run: () => ask('next') }} icon="chevronDown" />
        </>
      )}
    </div>
  );
}

function Password({ wrong, unlock }: { wrong: boolean; unlock: (password: string) => void }) {
  const w = useWords(words);
  const [password, setPassword] = useState('');
  return (
    <form className={css.told} onSubmit={(e) => {
      e.preventDefault();
      unlock(password);
      setPassword('');
    }}>
      <p role="status"><b>{w.locked}</b></p>
      <p>{w.lockedTold}</p>
      <PasswordField data-autofocus label={w.password} autoComplete="off" value={password} error={wrong && w.wrongPassword} onChange={(e) => setPassword(e.currentTarget.value)} />
      <Button type="submit" disabled={password === ''}>{w.unlock}</Button>
    </form>
  );
}

/** Printing: which page is being made ready, 0 when none is. */
function usePaper(reader: RefObject<PdfReader | null>): { page: number; start: () => void; stop: () => void } {
  const print = usePrint();
  const [page, setPage] = useState(0);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const stop = useCallback(() => {
    running.current?.abort();
    setPage(0);
  }, []);
  const start = useCallback(() => {
    stop();
    const { signal } = (running.current = new AbortController());
    reader.current?.drawAll((n) => !signal.aborted && setPage(n), signal).then((addresses) => {
      setPage(0);
      print(addresses.map((a) => <img key={a} src={a} alt="" />));
      window.addEventListener('afterprint', () => addresses.forEach((a) => URL.revokeObjectURL(a)), { once: true });
    }, () => setPage(0));
  }, [print, reader, stop]);
  return { page, start, stop };
}
