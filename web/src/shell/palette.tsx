import { Modal, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useSpeech } from '../words/words';
import { useAllCommands, useScheme } from './commands';
import { Choices } from './choices';
import { keyOf } from './keys';
import { matches } from './match';

/** All commands, found by typing. */
export default function Palette({ close }: { close: () => void }) {
  const { t } = useSpeech();
  const commands = useAllCommands();
  const [scheme] = useScheme();
  const [text, setText] = useState('');
  const found = useMemo(
    () => commands.filter((c) => c.possible !== false && matches(text, `${c.title} ${c.group}`))
      .map((c) => ({ id: c.id, title: c.title, note: c.group, key: keyOf(c, scheme), run: c.run })),
    [commands, text, scheme],
  );
  return (
    <Modal opened onClose={close} title={t.palette} closeButtonProps={{ 'aria-label': t.close }} yOffset="10vh">
      <Choices
        label={t.palette}
        empty={t.nothingFound}
        choices={found}
        choose={(choice) => {
          close();
          choice.run();
        }}
        input={(props) => <TextInput {...props} data-autofocus aria-label={t.palette} placeholder={t.palettePlaceholder} value={text} onChange={(e) => setText(e.currentTarget.value)} />}
      />
    </Modal>
  );
}
