import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Icon } from '../shell/icon';
import { useSpeech } from '../words/words';

/** Words to search by: asked for with Enter, and no longer once they are deleted. */
export function SearchField({ id, text, ask }: { id: string; text: string; ask(text: string | undefined): void }) {
  const { t } = useSpeech();
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  return (
    <TextInput
      id={id}
      type="search"
      aria-label={t.desk.search}
      placeholder={t.desk.searchPlaceholder}
      leftSection={<Icon name="search" size={16} />}
      value={typed}
      onChange={(e) => {
        setTyped(e.currentTarget.value);
        if (e.currentTarget.value === '' && text !== '') {
          ask(undefined);
        }
      }}
      onKeyDown={(e) => {
        if (e.key === 'Enter') {
          e.preventDefault();
          ask(typed.trim() || undefined);
        } else if (e.key === 'Escape') {
          e.currentTarget.blur();
        }
      }}
    />
  );
}
