import { Button } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../words/words';
import { draftOf, inputOf } from './draft';
import { isKept, stampOf } from './order';
import css from './rules.module.css';
import { useRuleCommands, type Rule, type Version } from './rulebook';
import { Sentence } from './sentence';
import { TrialPanel, useTrial } from './trial';
import { words } from './words';

/**
 * A rule is tried as it stands, or as an earlier version said; what was seen to work
 * can be switched on, or holds again.
 */
export function TryPage({ rule, rules, version }: { rule: Rule; rules: readonly Rule[]; version: Version | undefined }) {
  const w = useWords(words);
  const commands = useRuleCommands();
  const isOn = rule.state === 'ON';
  const said = version ?? rule;
  const trial = useTrial(`${rule.id}.${rule.version} ${version?.number} ${stampOf(rules, rule.id)}`);
  const [going, setGoing] = useState(false);
  const goOn = async (): Promise<void> => {
    setGoing(true);
    await (version ? commands.restore(rule, version.number) : commands.switchOn(rule));
    setGoing(false);
  };
  const verb = version ? w.versions.restoreOf(version.number) : w.trial.switchOn;
  return (
    <>
      <h2 className={css.of}>{said.name}{version && `, ${w.version(version.number).toLowerCase()}`}</h2>
      <p className={css.full}><Sentence condition={said.condition?.source ?? null} office={said.office.name} assignee={said.assignee?.name} /></p>
      {isOn && <p className={css.quiet}>{version ? w.versions.confirm(version.number) : w.trial.isOn}</p>}
      <TrialPanel
        trial={trial}
        run={() => void trial.run(version ? { ruleId: rule.id, rule: inputOf(draftOf(version)).input, on: true } : { ruleId: rule.id, on: !isOn })}
        outdated={w.trial.changed}
        next={isKept(rule) && (version ?? !isOn) && (
          <>
            {!trial.isFresh && <p className={css.quiet}>{version ? w.form.tryFirstOn : w.form.tryFirst}</p>}
            <div className={css.buttons}>
              {trial.failure !== '' && !trial.isFresh && !version && <Button variant="default" loading={going} onClick={() => void goOn()}>{w.trial.untried}</Button>}
              <Button loading={going} disabled={!trial.isFresh} onClick={() => void goOn()}>{verb}</Button>
            </div>
          </>
        )}
      />
    </>
  );
}
