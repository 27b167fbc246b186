import { useEffect, useId, useState, type ReactNode } from 'react';
import { Icon, type IconName } from '../shell/icon';
import { useSpeech } from '../words/words';
import css from './thread.module.css';

/** One of an exchange: open, or as a line that says what it is. What was open once stays, so that it is read once. */
export function Folded({ icon, title, note, at, unfolded, bare = false, tone, children }: {
  icon: IconName;
  title: string;
  note: string;
  at: string;
  unfolded: boolean;
  /** Without the line that folds it: where there is only one. */
  bare?: boolean;
  tone?: 'bad' | 'work';
  children: ReactNode;
}) {
  const { dates } = useSpeech();
  const body = useId();
  const [chosen, choose] = useState<boolean | null>(null);
  const [first] = useState(unfolded); // what is read stays open when something newer comes
  const isOpen = bare || (chosen ?? (first || unfolded));
  const [wasOpen, setWasOpen] = useState(isOpen);
  useEffect(() => {
    if (isOpen) {
      setWasOpen(true);
    }
  }, [isOpen]);
  return (
    <section className={css.entry} data-tone={tone} data-bare={bare || undefined}>
      {!bare && <h3>
        <button type="button" aria-expanded={isOpen} aria-controls={body} onClick={() => choose(!isOpen)}>
          <Icon name={isOpen ? 'chevronDown' : 'chevronRight'} size={16} />
          <Icon name={icon} size={16} />
          <span className={css.title}>{title}</span>
          <span className={css.note}>{isOpen ? '' : note}</span>
          <time dateTime={at} title={dates.exact(at)}>{dates.moment(at)}</time>
        </button>
      </h3>}
      <div id={body} className={css.inside} hidden={!isOpen}>{(isOpen || wasOpen) && children}</div>
    </section>
  );
}
