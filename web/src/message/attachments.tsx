// What came with a message: opened in place, or downloaded.

import { ActionIcon, UnstyledButton } from '@mantine/core';
import { Icon, type IconName } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import type { Enclosed } from '../viewers/kinds';
import css from './message.module.css';
import { words } from './words';

const icons: [RegExp, IconName][] = [
  [/^image\//, 'eye'],
  [/^message\//, 'mail'],
  [/zip|compressed|tar/, 'archive'],
  [/pkcs7|signature/, 'shield'],
];

export function Attachments({ files, open }: { files: readonly Enclosed[]; open: (at: number) => void }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  if (files.length === 0) {
    return null;
  }
  return (
    <section className={css.attachments} aria-label={t.message.attachments}>
      <h4>{t.message.attachments} ({files.length})</h4>
      <ul>
        {files.map((file, i) => (
          <li key={file.path}>
            <UnstyledButton className={css.file} title={file.mediaType} onClick={() => open(i)}>
              <Icon name={icons.find(([media]) => media.test(file.mediaType))?.[1] ?? 'file'} />
              <span>{file.name}</span>
              <small>{dates.bytes(file.size)}</small>
            </UnstyledButton>
            <ActionIcon component="a" size="lg" variant="subtle" href={file.path} download={file.name} aria-label={w.downloadFile(file.name)} title={w.downloadFile(file.name)}>
              <Icon name="download" />
            </ActionIcon>
          </li>
        ))}
      </ul>
    </section>
  );
}
