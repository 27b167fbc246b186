// What the person wants of this device: installed, told, reading without a network,
// and gestures.

import { Button, Modal, Switch } from '@mantine/core';
import '@mantine/core/styles/Switch.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { setSwiping, swipes } from '../cases/touch';
import { kept } from '../offline/kept';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './device.module.css';
import { install } from './install';
import { pushState, subscribe, unsubscribe, type PushState } from './push';
import { words } from './words';

export default function Device({ close }: { close: () => void }) {
  const t = useWords(words);
  const [keeps, setKeeps] = useState(kept.keepsPages);
  const [swiping, setSwipe] = useState(swipes);
  return (
    <Modal opened onClose={close} title={t.title} closeButtonProps={{ 'aria-label': t.close }} className={css.device}>
      <Installing />
      <Notices />
      <section>
        <h3>{t.offline}</h3>
        <p>{t.offlineTold}</p>
        <Switch size="md" label={t.keep} checked={keeps} onChange={(e) => {
          setKeeps(e.currentTarget.checked);
          void kept.keepPages(e.currentTarget.checked);
        }} />
      </section>
      <section>
        <h3>{t.swiping}</h3>
        <Switch size="md" label={t.swipe} checked={swiping} onChange={(e) => {
          setSwipe(e.currentTarget.checked);
          setSwiping(e.currentTarget.checked);
        }} />
      </section>
    </Modal>
  );
}

function Installing() {
  const t = useWords(words);
  const state = useSyncExternalStore(install.watch, install.state);
  return (
    <section>
      <h3>{t.installing}</h3>
      {state === 'installed' && <p className={css.good}><Icon name="check" /> {t.installed}</p>}
      {state === 'possible' && (
        <>
          <p>{t.installTold}</p>
          <Button leftSection={<Icon name="download" />} onClick={() => void install.begin()}>{t.install}</Button>
        </>
      )}
      {state === 'by-hand' && <ol>{t.byHand.map((step) => <li key={step}>{step}</li>)}</ol>}
      {state === 'no' && <p>{t.noInstall}</p>}
    </section>
  );
}

/** Why notices cannot be had. */
const reasons: { [state in PushState]?: 'denied' | 'unsupported' | 'installFirst' | 'serverOff' } = {
  denied: 'denied', unsupported: 'unsupported', 'install-first': 'installFirst', 'server-off': 'serverOff',
};

function Notices() {
  const t = useWords(words);
  const { language } = useSpeech();
  const answers = useQueryClient();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const { data } = useQuery({ queryKey: ['push'], queryFn: ({ signal }) => pushState(signal), staleTime: 0 });
  const change = async (how: () => Promise<string | undefined | void>): Promise<void> => {
    setBusy(true);
    try {
      setProblem((await how()) ?? '');
    } catch {
      setProblem(t.failed);
    }
    await answers.invalidateQueries({ queryKey: ['push'] });
    setBusy(false);
  };
  const reason = data && reasons[data.state];
  return (
    <section>
      <h3>{t.pushing}</h3>
      <p>{t.pushTold}</p>
      {data?.state === 'on' && (
        <>
          <p className={css.good} role="status"><Icon name="check" /> {t.pushOn}</p>
          <Button variant="default" loading={busy} onClick={() => void change(unsubscribe)}>{t.turnOff}</Button>
        </>
      )}
      {data?.state === 'off' && <Button loading={busy} leftSection={<Icon name="bell" />} onClick={() => void change(() => subscribe(data.key!, language))}>{t.turnOn}</Button>}
      {reason && <p className={css.reason} role="status"><Icon name="warning" /> {t[reason]}</p>}
      {problem && <p className={css.reason} role="alert"><Icon name="warning" /> {problem}</p>}
    </section>
  );
}
