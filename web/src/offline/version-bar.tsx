import { Button } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { Icon } from '../shell/icon';
import { useWords } from '../words/words';
import { version } from '../worker/start';
import css from './offline.module.css';
import { words } from './session-words';

/** Says that a new version of the client is ready; it comes when the person wants it. */
export function VersionBar() {
  const t = useWords(words);
  const isOld = useSyncExternalStore(version.watch, version.isOld);
  return (
    <div role="status">
      {isOld && (
        <p className={css.bar}>
          <Icon name="refresh" /> <span>{t.newVersion}</span>
          <Button size="compact-md" variant="default" onClick={version.renew}>{t.reload}</Button>
        </p>
      )}
    </div>
  );
}
