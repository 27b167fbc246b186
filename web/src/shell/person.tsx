import { Menu, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Link } from 'wouter';
import { signOut } from '../api/session';
import { words } from '../offline/words';
import { useSpeech, useWords } from '../words/words';
import { useScheme } from './commands';
import { useHouse } from './house';
import { Icon } from './icon';
import css from './shell.module.css';

/** Who is here, and how that person wants it. */
export default function Person({ openShortcuts, openDevice }: { openShortcuts: () => void; openDevice: () => void }) {
  const { t, language, change } = useSpeech();
  const { viewer, queue } = useHouse();
  const offline = useWords(words);
  const leave = (): void => {
    const waiting = queue.deeds.length;
    if (waiting === 0 || confirm(offline.loseQueue(waiting))) {
      void signOut();
    }
  };
  const [scheme, setScheme] = useScheme();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton className={css.person} aria-label={t.personMenu(viewer.user.name)}>
          <Icon name="person" />
          <span>{viewer.user.name}</span>
          <Icon name="chevronDown" size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} href="/me">{t.profile}</Menu.Item>
        <Menu.Item onClick={() => change(language === 'it' ? 'en' : 'it')} lang={language === 'it' ? 'en' : 'it'}>
          {t.otherLanguage}
        </Menu.Item>
        <Menu.Item onClick={() => setColorScheme(dark ? 'light' : 'dark')}>{dark ? t.lightMode : t.darkMode}</Menu.Item>
        <Menu.Item onClick={openShortcuts} rightSection={<kbd>?</kbd>}>{t.shortcuts}</Menu.Item>
        <Menu.Item onClick={openDevice}>{t.device}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t.keyScheme}</Menu.Label>
        {(['simple', 'gmail', 'none'] as const).map((s) => (
          <Menu.Item key={s} role="menuitemradio" aria-checked={s === scheme} onClick={() => setScheme(s)} leftSection={s === scheme ? <Icon name="check" size={14} /> : <span className={css.gap} />}>
            {t.keySchemes[s]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={leave}>{t.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
