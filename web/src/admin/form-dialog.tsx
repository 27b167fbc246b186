import { Button, Modal } from '@mantine/core';
import { useRef, useState, type ReactNode } from 'react';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './admin.module.css';
import type { Saving } from './saving';
import { words } from './words';

/** A form before the page. Nothing that was typed in it is thrown away by a click beside it or by Escape alone. */
export function FormDialog({ title, verb, isDangerous, possible = true, isKept = true, saving, submit, close, children }: {
  title: string;
  /** What its button says. */
  verb: string;
  isDangerous?: boolean;
  possible?: boolean;
  /** Whether it would be a loss if what was typed went. */
  isKept?: boolean;
  saving: Saving;
  submit(): void;
  close(): void;
  children: ReactNode;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  const [isTyped, setTyped] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const typedIn = useRef<Element | null>(null);
  const stay = (): void => {
    setLeaving(false);
    (typedIn.current as HTMLElement | null)?.focus();
  };
  const leave = (): void => {
    if (isLeaving) {
      stay();
    } else if (isTyped && isKept) {
      typedIn.current = document.activeElement;
      setLeaving(true);
    } else {
      close();
    }
  };
  return (
    <Modal opened onClose={leave} title={title} size="lg" closeOnClickOutside={false} closeButtonProps={{ 'aria-label': t.close }}>
      <form
        ref={saving.form}
        className={css.form}
        noValidate
        onInput={() => setTyped(true)}
        onSubmit={(e) => {
          e.preventDefault();
          if (possible && !saving.saving) {
            submit();
          }
        }}
      >
        {children}
        {saving.whole && <p className={css.wrong} role="alert"><Icon name="alert" /> {saving.whole}</p>}
        {isLeaving ? (
          <div className={css.leaving} role="alert">
            <p><Icon name="warning" /> {w.unsaved}</p>
            <div className={css.buttons}>
              <Button variant="default" size="md" color="red" onClick={close}>{w.throwAway}</Button>
              <Button size="md" autoFocus onClick={stay}>{w.goOn}</Button>
            </div>
          </div>
        ) : (
          <div className={css.buttons}>
            <Button variant="default" size="md" onClick={close}>{w.cancel}</Button>
            <Button type="submit" size="md" color={isDangerous ? 'red' : undefined} disabled={!possible} loading={saving.saving}>{verb}</Button>
          </div>
        )}
      </form>
    </Modal>
  );
}
