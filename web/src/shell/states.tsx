import { Button, Loader } from '@mantine/core';
import { useSpeech } from '../words/words';
import css from './shell.module.css';

/** Shown while the first answer is on its way. */
export function Waiting() {
  const { t } = useSpeech();
  return (
    <div className={css.whole} role="status">
      <Loader aria-hidden />
      <p>{t.waiting}</p>
    </div>
  );
}

/** Shown when there is no first answer. */
export function Failed({ again }: { again: () => void }) {
  const { t } = useSpeech();
  return (
    <div className={css.whole} role="alert">
      <p>{t.unreachable}</p>
      <Button onClick={again}>{t.tryAgain}</Button>
    </div>
  );
}

/** Shown where there is nothing to show. */
export function Nothing({ children }: { children: string }) {
  return <p className={css.nothing}>{children}</p>;
}
