import { Button } from '@mantine/core';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './rules.module.css';
import { useVersions, type Rule } from './rulebook';
import { Sentence } from './sentence';
import { words } from './words';

/** Says that somebody else changed the rule, who and to what, and how to go on. */
export function Theirs({ rule, keepMine, takeTheirs, overwrite }: {
  rule: Rule;
  keepMine(): void;
  takeTheirs(): void;
  overwrite: (() => void) | undefined;
}) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const { data } = useVersions(rule.id);
  const last = data?.at(0);
  const [who, at] = [last?.author.name ?? t.someone, last ? dates.moment(last.savedAt) : ''];
  return (
    <div className={css.theirs} role="alert">
      <p><Icon name="warning" /> {rule.removedAt ? w.form.removedMeanwhile(who, at) : w.form.stale(who, at)}</p>
      {!rule.removedAt && (
        <>
          <p className={css.quiet}>{w.form.theirs} «{rule.name}»:</p>
          <p><Sentence condition={rule.condition?.source ?? null} office={rule.office.name} assignee={rule.assignee?.name} /></p>
          <div className={css.buttons}>
            <Button variant="default" size="compact-sm" onClick={takeTheirs}>{w.form.takeTheirs}</Button>
            {overwrite
              ? <Button size="compact-sm" onClick={overwrite}>{w.form.overwrite}</Button>
              : <Button variant="default" size="compact-sm" onClick={keepMine}>{w.form.keepMine}</Button>}
          </div>
        </>
      )}
    </div>
  );
}
