import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSpeech, useWords } from '../words/words';
import { words } from './filter-words';

/** Asks what a view is to be called. */
export default function SaveView({ suggestion, save, close }: { suggestion: string; save(name: string): void; close(): void }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const [name, setName] = useState(suggestion);
  return (
    <Modal opened onClose={close} title={w.saveView} closeButtonProps={{ 'aria-label': t.close }}>
      <form onSubmit={(e) => {
        e.preventDefault();
        if (name.trim() !== '') {
          save(name.trim());
        }
      }}>
        <TextInput data-autofocus label={w.viewName} description={w.viewTold} maxLength={60} required value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Button type="submit" mt="md">{w.save}</Button>
      </form>
    </Modal>
  );
}
