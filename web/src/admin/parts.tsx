// Small parts that all sections are made of.

import { Button, CopyButton, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './admin.module.css';
import { meaningOf } from './meaning';
import { words } from './words';

export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

/** How something is: a picture and words, and only then a colour. */
export function State({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ReactNode }) {
  const own: IconName = tone === 'good' ? 'check' : tone === 'quiet' ? 'clock' : 'warning';
  return <span className={css.state} data-tone={tone}><Icon name={icon ?? own} size={16} /> {children}</span>;
}

/** Why something fails: what that means, where it is known, and what was said. */
export function Why({ reason }: { reason: string }) {
  const w = useWords(words);
  const meaning = meaningOf(reason);
  return <>{meaning && <p className={css.meaning}>{w.meanings[meaning]}</p>}<Raw text={reason} /></>;
}

/** What a machine said, as it was said, to be copied for who can make sense of it. */
export function Raw({ text }: { text: string }) {
  const w = useWords(words);
  return (
    <div className={css.raw}>
      <code>{text}</code>
      <CopyButton value={text}>
        {({ copied, copy }) => <Button size="compact-sm" variant="default" onClick={copy}><span role="status">{copied ? w.copied : w.copy}</span></Button>}
      </CopyButton>
    </div>
  );
}

/** Says that an answer is not there, and asks again. */
export function Unanswered({ again }: { again: () => void }) {
  const { t } = useSpeech();
  return <p className={css.wrong} role="alert">{t.unreachable} <Button size="compact-sm" variant="default" onClick={again}>{t.tryAgain}</Button></p>;
}

/** Narrows what is shown while one types. */
export function Finder({ label, text, find }: { label: string; text: string; find(text: string | undefined): void }) {
  return (
    <search>
      <TextInput
        type="search" size="md" aria-label={label} placeholder={label} leftSection={<Icon name="search" size={16} />}
        value={text} onChange={(e) => find(e.currentTarget.value || undefined)}
      />
    </search>
  );
}

/** A name and what it is, in a list of facts. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}
