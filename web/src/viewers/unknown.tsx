import { Button } from '@mantine/core';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import type { ViewProps } from './kinds';
import css from './viewer.module.css';
import { words } from './words';

/** A file that is not shown: what is known of it, and how to have it. */
export default function Unknown({ file, why, told }: ViewProps & { why?: string; told?: string }) {
  const w = useWords(words);
  const { dates } = useSpeech();
  return (
    <div className={css.told}>
      <p role="status"><Icon name="file" /> <b>{why ?? w.unknown}</b></p>
      <p>{told ?? w.unknownTold}</p>
      <dl>
        <dt>{w.name}</dt><dd>{file.name}</dd>
        <dt>{w.type}</dt><dd>{file.mediaType}</dd>
        <dt>{w.size}</dt><dd>{dates.bytes(file.size)}</dd>
        {file.sha256 && <><dt>{w.sha256}</dt><dd><code>{file.sha256}</code></dd></>}
      </dl>
      <Button component="a" href={file.path} download={file.name} leftSection={<Icon name="download" />}>{w.download}</Button>
    </div>
  );
}
