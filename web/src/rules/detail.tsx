import { Button } from '@mantine/core';
import { useScheme } from '../shell/commands';
import { Icon } from '../shell/icon';
import { keyOf, type Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import { StateOf } from './list';
import { isKept } from './order';
import css from './rules.module.css';
import type { Rule } from './rulebook';
import { Sentence } from './sentence';
import { words } from './words';

/** One rule: what it does, how it fares, and what can be done with it. */
export function RuleDetail({ rule, shadow, commands }: { rule: Rule; shadow: Rule | undefined; commands: readonly Command[] }) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const [scheme] = useScheme();
  return (
    <>
      <h2 id="rule-head" tabIndex={-1}>{rule.name}</h2>
      <p className={css.full}><Sentence condition={rule.condition?.source ?? null} office={rule.office.name} assignee={rule.assignee?.name} /></p>
      {!rule.condition && <p className={css.wrong}><Icon name="alert" /> {w.warnings.unreadable}</p>}
      {rule.removedAt && <p className={css.warned}><Icon name="archive" /> {w.removed(dates.moment(rule.removedAt))}</p>}
      {shadow && rule.state === 'ON' && <p className={css.warned}><Icon name="warning" /> {w.warnings.shadowed(shadow.name)}</p>}
      {!shadow && rule.state === 'ON' && rule.hits === 0 && <p className={css.warned}><Icon name="clock" /> {w.warnings.idle}</p>}
      <dl className={css.facts}>
        <div><dt>{w.facts.state}</dt><dd><StateOf rule={rule} /></dd></div>
        <div><dt>{w.facts.hits}</dt><dd>{w.hits(rule.hits)}{rule.lastHitAt && <>, <time dateTime={rule.lastHitAt} title={dates.exact(rule.lastHitAt)}>{w.lastHit(dates.moment(rule.lastHitAt))}</time></>}</dd></div>
        <div><dt>{w.facts.priority}</dt><dd>{rule.priority}</dd></div>
        <div><dt>{w.facts.origin}</dt><dd>{isKept(rule) ? `${w.byPeople}, ${w.version(rule.version).toLowerCase()}` : w.ofConfiguration}</dd></div>
      </dl>
      {!isKept(rule) && <p className={css.quiet}>{w.changeThere}</p>}
      <div className={css.buttons} role="group" aria-label={w.actions}>
        {commands.filter((c) => c.ofRow).map((c) => {
          const key = keyOf(c, scheme);
          return (
            <Button
              key={c.id} variant={c.id === 'rule-on' ? 'filled' : 'default'} disabled={c.possible === false} onClick={c.run}
              title={c.id === 'rule-remove' && rule.state === 'ON' ? w.offFirst : key && `${c.title} (${t.keyNames[key] ?? key})`}
            >
              {c.title}
            </Button>
          );
        })}
      </div>
    </>
  );
}
