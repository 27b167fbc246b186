import { Modal } from '@mantine/core';
import { useSpeech } from '../words/words';
import { useAllCommands, useScheme } from './commands';
import { keyOf } from './keys';
import css from './shell.module.css';
import { groupBy } from './group-by';

/** The keys of the commands that are there now. */
export default function Shortcuts({ close }: { close: () => void }) {
  const { t } = useSpeech();
  const commands = useAllCommands();
  const [scheme] = useScheme();
  const groups = groupBy(commands.filter((c) => keyOf(c, scheme) !== undefined), (c) => c.group);
  return (
    <Modal opened onClose={close} title={t.shortcuts} size="lg" closeButtonProps={{ 'aria-label': t.close }}>
      {[...groups].map(([group, list]) => (
        <section key={group} className={css.shortcuts}>
          <h3>{group}</h3>
          <dl>
            {list.map((c) => (
              <div key={c.id}>
                <dt>{c.title}</dt>
                <dd>{keyOf(c, scheme)!.split(' ').map((k) => <kbd key={k}>{t.keyNames[k] ?? k}</kbd>)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
