import { Button } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';
import { useWords } from '../words/words';
import css from './device.module.css';
import { dismissOffer, install, isOfferDue } from './install';
import { words } from './words';

/** Says once that this client can be installed and can tell of what arrives; never again when that is not wanted. */
export default function Offer({ show }: { show: () => void }) {
  const t = useWords(words);
  const state = useSyncExternalStore(install.watch, install.state);
  const [isDue, setDue] = useState(isOfferDue);
  if (!isDue || (state !== 'possible' && state !== 'by-hand')) {
    return null;
  }
  const leave = (): void => {
    dismissOffer();
    setDue(false);
  };
  return (
    <p className={css.offer}>
      <span>{t.offer}</span>
      <Button size="compact-md" onClick={() => {
        leave();
        show();
      }}>{t.show}</Button>
      <Button size="compact-md" variant="subtle" onClick={leave}>{t.never}</Button>
    </p>
  );
}
