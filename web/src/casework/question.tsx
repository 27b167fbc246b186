import { Button, Modal } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { Row } from '../live/rows';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import type { Act, Seen } from './acts';
import css from './asking.module.css';
import { useCasework, type Wanted } from './casework';
import type { Refusal } from './refusal';
import { words } from './words';

export interface Giving {
  busy: boolean;
  refusal: Refusal | null;
  /** Gives the act; the dialog stays, with all that was typed, until it is done. */
  give(act: Act): void;
  /** Gives it once more, as of the version that it was refused for. */
  insist: { title: string; run(): void } | null;
}

/** Gives an act on the cases as they were when the dialog opened. */
export function useGive({ ids, following }: Wanted, done: () => void): Giving {
  const { rows } = useHouse();
  const { give } = useCasework();
  const w = useWords(words);
  const [seen] = useState<readonly Seen[]>(() => ids.map((id) => rows.get(id)).filter((r): r is Row => r !== undefined));
  const [tried, setTried] = useState<{ act: Act; refusal: Refusal | null } | null>(null);
  const attempt = (act: Act, cases: readonly Seen[]): void => {
    setTried({ act, refusal: null });
    void give(act, cases, following).then((refusal) => {
      if (refusal) {
        setTried({ act, refusal });
      } else {
        done();
      }
    });
  };
  const version = tried?.refusal?.version;
  return {
    busy: tried !== null && tried.refusal === null,
    refusal: tried?.refusal ?? null,
    give: (act) => attempt(act, seen),
    insist: tried && version !== undefined ? { title: w.anyway(w.acts[tried.act.does]), run: () => attempt(tried.act, [{ id: seen[0]!.id, version }]) } : null,
  };
}

/** A dialog that asks for what an act takes; Ctrl+Enter answers from wherever one types. */
export function Question({ title, verb, giving, ready, submit, close, children }: {
  title: string;
  /** What the button says; none where choosing is answer enough. */
  verb?: string;
  giving: Giving;
  ready: boolean;
  submit(): void;
  close(): void;
  children: ReactNode;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  const answer = (event?: FormEvent): void => {
    event?.preventDefault();
    if (ready && !giving.busy) {
      submit();
    }
  };
  return (
    <Modal opened onClose={close} title={title} yOffset="8vh" closeButtonProps={{ 'aria-label': t.close }}>
      <form
        className={css.form}
        onSubmit={answer}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && e.ctrlKey) {
            answer();
          }
        }}
      >
        {children}
        {giving.refusal && (
          <div className={css.refusal} role="alert">
            <p><Icon name="warning" /> <span>{giving.refusal.text}</span></p>
            {giving.insist && (
              <p>
                <Button size="compact-md" onClick={giving.insist.run}>{giving.insist.title}</Button>
                <Button size="compact-md" variant="default" onClick={close}>{w.see}</Button>
              </p>
            )}
          </div>
        )}
        {verb !== undefined && (
          <div className={css.buttons}>
            <Button variant="default" size="md" onClick={close}>{w.cancel}</Button>
            <Button type="submit" size="md" disabled={!ready} loading={giving.busy}>{verb}</Button>
          </div>
        )}
      </form>
    </Modal>
  );
}
