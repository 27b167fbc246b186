import { Button } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../words/words';
import { isKept, stampOf } from './order';
import css from './rules.module.css';
import { useRuleCommands, type Rule } from './rulebook';
import { Sentence } from './sentence';
import { TrialPanel, useTrial } from './trial';
import { words } from './words';

/** A rule as it stands is tried; what was seen to work can be switched on. */
export function TryPage({ rule, rules }: { rule: Rule; rules: readonly Rule[] }) {
  const w = useWords(words);
  const commands = useRuleCommands();
  const isOn = rule.state === 'ON';
  const trial = useTrial(`${rule.id}.${rule.version} ${stampOf(rules, rule.id)}`);
  const [switching, setSwitching] = useState(false);
  const switchOn = async (): Promise<void> => {
    setSwitching(true);
    await commands.switchOn(rule);
    setSwitching(false);
  };
  return (
    <>
      <h2 className={css.of}>{rule.name}</h2>
      <p className={css.full}><Sentence condition={rule.condition?.source ?? null} office={rule.office.name} assignee={rule.assignee?.name} /></p>
      {isOn && <p className={css.quiet}>{w.trial.isOn}</p>}
      <TrialPanel
        trial={trial}
        run={() => void trial.run({ ruleId: rule.id, on: !isOn })}
        outdated={w.trial.changed}
        next={!isOn && isKept(rule) && (
          <>
            {!trial.isFresh && <p className={css.quiet}>{w.form.tryFirst}</p>}
            <div className={css.buttons}>
              {trial.failure !== '' && !trial.isFresh && <Button variant="default" loading={switching} onClick={() => void switchOn()}>{w.trial.untried}</Button>}
              <Button loading={switching} disabled={!trial.isFresh} onClick={() => void switchOn()}>{w.trial.switchOn}</Button>
            </div>
          </>
        )}
      />
    </>
  );
}
