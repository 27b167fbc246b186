// What a rule said, from the newest version to the first, and the way back to each.

import { Button } from '@mantine/core';
import { Unanswered } from '../admin/parts';
import { Waiting } from '../shell/states';
import { useSpeech, useWords } from '../words/words';
import { inputOf, draftOf } from './draft';
import css from './rules.module.css';
import { useRuleCommands, useVersions, type Rule, type Version } from './rulebook';
import { Sentence } from './sentence';
import { words, type RulesWords } from './words';

export function Versions({ rule, mayChange, tryIt }: {
  rule: Rule;
  mayChange: boolean;
  /** Tries a version; of a rule that is on, before it holds again. */
  tryIt(number: number): void;
}) {
  const w = useWords(words);
  const { dates } = useSpeech();
  const commands = useRuleCommands();
  const { data: versions, error, refetch } = useVersions(rule.id);
  if (error) {
    return <Unanswered again={() => void refetch()} />;
  }
  if (!versions) {
    return <Waiting />;
  }
  if (versions.length === 0) {
    return <p className={css.quiet}>{w.versions.none}</p>;
  }
  return (
    <ol className={css.versions} aria-label={w.versions.title}>
      {versions.map((v, i) => {
        const before = versions[i + 1];
        const isNow = saysTheSame(v, rule);
        return (
          <li key={v.number} data-now={i === 0 || undefined}>
            <div className={css.versionHead}>
              <b>{w.version(v.number)}</b>
              <span>{w.versions.how[v.how] ?? v.how} {w.versions.by(v.author.name, dates.moment(v.savedAt))}</span>
              {before && <span className={css.quiet}>{changesOf(v, before, w)}</span>}
            </div>
            <p><b className={css.versionName}>{v.name}</b> <Sentence condition={v.condition?.source ?? null} office={v.office.name} assignee={v.assignee?.name} /> <small className={css.quiet}>{w.versions.priority(v.priority)}</small></p>
            {i === 0
              ? <p className={css.quiet}>{w.versions.current}</p>
              : isNow
                ? <p className={css.quiet}>{w.versions.asNow}</p>
                : mayChange && <Button variant="default" size="compact-sm" onClick={() => (rule.state === 'ON' ? tryIt(v.number) : void commands.restore(rule, v.number))}>{w.versions.restoreOf(v.number)}</Button>}
          </li>
        );
      })}
    </ol>
  );
}

function saysTheSame(one: Version, other: Rule | Version): boolean {
  return JSON.stringify(inputOf(draftOf(one)).input) === JSON.stringify(inputOf(draftOf(other)).input);
}

/** What of a rule a version made otherwise. */
function changesOf(now: Version, before: Version, w: RulesWords): string {
  const { changes } = w.versions;
  const what = [
    now.name !== before.name && changes.name,
    now.condition?.source !== before.condition?.source && changes.condition,
    now.office.id !== before.office.id && changes.office,
    now.assignee?.id !== before.assignee?.id && changes.assignee,
    now.priority !== before.priority && changes.priority,
  ].filter((c) => c !== false);
  return what.length > 0 ? w.versions.changed(what.join(', ')) : '';
}
