import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { Unreachable } from '../api/ask';
import { words as casework } from '../casework/words';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { doAnyway } from './doing';
import css from './offline.module.css';
import { goalOf, type Deed } from './queue';
import { useDeeds } from './queued';
import { words } from './words';

/** What waits for the network, and what was refused: who was faster, and what to do about it. */
export default function Review({ close }: { close: () => void }) {
  const t = useWords(words);
  const deeds = useDeeds();
  return (
    <Modal opened onClose={close} title={t.review} closeButtonProps={{ 'aria-label': t.close }}>
      {deeds.length === 0 && <p role="status">{t.nothingQueued}</p>}
      <ul className={css.deeds}>
        {deeds.map((d) => <One key={d.id} deed={d} />)}
      </ul>
    </Modal>
  );
}

function One({ deed }: { deed: Deed }) {
  const t = useWords(words);
  const { t: house, dates } = useSpeech();
  const { queue, rows } = useHouse();
  const toast = useToast();
  const { done } = useWords(casework);
  const { act } = deed;
  const goal = goalOf(act).name;
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(deed.refused);
  const anyway = async (): Promise<void> => {
    setBusy(true);
    try {
      const why = await doAnyway(deed, rows);
      setRefused(why);
      if (why === undefined) {
        await queue.remove(deed.id);
        toast({ text: done[act.does](goal) });
      }
    } catch (failure) {
      setRefused(failure instanceof Unreachable ? house.unreachable : failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return (
    <li>
      <b>{deed.subject || house.noSubject}</b>
      <span>{deed.number} · {t.wanted[act.does](goal, dates.clock(new Date(deed.id)))}</span>
      {refused !== undefined
        ? <p className={css.refused} role="status"><Icon name="warning" /> {refused}</p>
        : <p><Icon name="cloudOff" /> {t.waits(goal)}</p>}
      <div className={css.choices}>
        {refused !== undefined && <Button loading={busy} onClick={() => void anyway()}>{t.anyway[act.does]}</Button>}
        <Button variant="default" disabled={busy} onClick={() => void queue.remove(deed.id)}>{deed.refused === undefined ? t.giveUp : t.leave}</Button>
      </div>
    </li>
  );
}
