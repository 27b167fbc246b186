// What came with a message: opened in place, or downloaded.

import { ActionIcon, UnstyledButton } from '@mantine/core';
import { Icon, type IconName } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import type { Enclosed } from '../viewers/kinds';
import css from './message.module.css';
import { isWithin } from './within';
import { words } from './words';

const icons: [RegExp, IconName][] = [
  [/^image\//, 'eye'],
  [/^message\//, 'mail'],
  [/zip|compressed|tar/, 'archive'],
  [/pkcs7|signature/, 'shield'],
];

/** The files of a message in the order in which they are listed: pictures in its text come last. */
export function inOrder<F extends { inline: boolean; mediaType: string }>(files: readonly F[], html: boolean): { files: F[]; beside: number } {
  const [within, beside] = [files.filter((f) => isWithin(f, html)), files.filter((f) => !isWithin(f, html))];
  return { files: [...beside, ...within], beside: beside.length };
}

export function Attachments({ files, beside, open }: { files: readonly Enclosed[]; beside: number; open: (at: number) => void }) {
  const { t } = useSpeech();
  const w = useWords(words);
  const list = (from: number, to: number) => <ul>{files.slice(from, to).map((f, i) => <File key={f.path} file={f} open={() => open(from + i)} />)}</ul>;
  return (
    <>
      {beside > 0 && (
        <section className={css.attachments} aria-label={t.message.attachments}>
          <h4>{t.message.attachments} ({beside})</h4>
          {list(0, beside)}
        </section>
      )}
      {files.length > beside && (
        <details className={css.attachments}>
          <summary>{w.picturesWithin(files.length - beside)}</summary>
          {list(beside, files.length)}
        </details>
      )}
    </>
  );
}

function File({ file, open }: { file: Enclosed; open: () => void }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  return (
    <li>
      <UnstyledButton className={css.file} title={file.mediaType} onClick={open}>
        <Icon name={icons.find(([media]) => media.test(file.mediaType))?.[1] ?? 'file'} />
        <span>{file.name}</span>
        <small>{dates.bytes(file.size)}</small>
      </UnstyledButton>
      <ActionIcon component="a" size="lg" variant="subtle" href={file.path} download={file.name} aria-label={w.downloadFile(file.name)} title={w.downloadFile(file.name)}>
        <Icon name="download" />
      </ActionIcon>
    </li>
  );
}
