import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './admin.module.css';
import type { Saving } from './saving';
import { words } from './words';

/** A form before the page. A click beside it does not close it: what was typed would be lost. */
export function FormDialog({ title, verb, isDangerous, possible = true, saving, submit, close, children }: {
  title: string;
  /** What its button says. */
  verb: string;
  isDangerous?: boolean;
  possible?: boolean;
  saving: Saving;
  submit(): void;
  close(): void;
  children: ReactNode;
}) {
  const { t } = useSpeech();
  const w = useWords(words);
  return (
    <Modal opened onClose={close} title={title} size="lg" closeOnClickOutside={false} closeButtonProps={{ 'aria-label': t.close }}>
      <form
        ref={saving.form}
        className={css.form}
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          if (possible && !saving.saving) {
            submit();
          }
        }}
      >
        {children}
        {saving.whole && <p className={css.wrong} role="alert"><Icon name="alert" /> {saving.whole}</p>}
        <div className={css.buttons}>
          <Button variant="default" size="md" onClick={close}>{w.cancel}</Button>
          <Button type="submit" size="md" color={isDangerous ? 'red' : undefined} disabled={!possible} loading={saving.saving}>{verb}</Button>
        </div>
      </form>
    </Modal>
  );
}
