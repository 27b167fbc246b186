import { Anchor, Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { goToSignIn, signIn } from '../api/session';
import { useHouse } from '../shell/house';
import { useSpeech, useWords } from '../words/words';
import css from './offline.module.css';
import { words } from './session-words';

/** Asks for the password again. What stands behind is covered once the session has ended. */
export default function SignInAgain({ ended, entered, close }: { ended: boolean; entered(id: string): void; close(): void }) {
  const t = useWords(words);
  const { t: house, language } = useSpeech();
  const { viewer } = useHouse();
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      const said = await signIn(viewer.user.email ?? '', password, language);
      if (typeof said === 'string') {
        setProblem(said);
      } else {
        entered(said.id);
      }
    } catch {
      setProblem(house.unreachable);
    }
    setBusy(false);
  };
  return (
    <Modal
      opened onClose={close} title={ended ? t.sessionEnded : t.signInNow} yOffset="10vh" zIndex={400}
      closeOnEscape={!ended} closeOnClickOutside={!ended} withCloseButton={!ended} closeButtonProps={{ 'aria-label': t.close }}
      overlayProps={ended ? { backgroundOpacity: 1, color: 'var(--ground)' } : {}}
    >
      <form className={css.form} onSubmit={(e) => void enter(e)}>
        {ended && <p>{t.sessionEndedTold}</p>}
        <TextInput label={viewer.user.name} type="email" autoComplete="username" readOnly value={viewer.user.email ?? ''} />
        <TextInput
          data-autofocus label={t.password} type="password" autoComplete="current-password" value={password} error={problem || undefined}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
        <Button type="submit" loading={busy}>{t.enter}</Button>
        {ended && <p><Anchor component="button" type="button" onClick={goToSignIn}>{t.otherAccount}</Anchor> <small>{t.otherAccountTold}</small></p>}
      </form>
    </Modal>
  );
}
