// A rule is written or changed: the form, how it reads, and the trial of exactly what
// stands in the form. What was typed survives others' changes and a reload.

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { allPages } from '../admin/pages';
import { whyOf } from '../admin/saving';
import { ask } from '../api/ask';
import { RuleMailboxesDocument, RulePeopleDocument, RuleSaveDocument } from '../generated/graphql';
import { useOpenOffices } from '../shell/house';
import { Icon } from '../shell/icon';
import { useToast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { Builder } from './builder';
import { draftOf, inputOf, missing, nothingWrong, seenOf, wrongsOf, type Draft } from './draft';
import { stampOf } from './order';
import css from './rules.module.css';
import { keep, useRuleCommands, useRules, type Rule } from './rulebook';
import { Sentence } from './sentence';
import { Theirs } from './theirs';
import { TrialPanel, useTrial } from './trial';
import { forget, keepUnsaved, unsaved } from './unsaved';
import { words } from './words';

export function RuleForm({ rule, like, leave }: {
  /** The one that is changed, as it is now; null for a new one. */
  rule: Rule | null;
  /** What a new one begins with. */
  like: Rule | null;
  /** Leaves the form, to the rule that it made. */
  leave(id?: string): void;
}) {
  const w = useWords(words);
  const { t } = useSpeech();
  const answers = useQueryClient();
  const toast = useToast();
  const commands = useRuleCommands();
  const kept = useMemo(() => (like ? null : unsaved(rule?.id)), [rule?.id, like]);
  const [draft, setDraft] = useState<Draft>(() => kept?.draft ?? draftOf(rule ?? (like && { ...like, name: '' })));
  /** What the form began with: a command names its version. */
  const [seen, setSeen] = useState(() => kept?.seen ?? seenOf(rule));
  const [resumed, setResumed] = useState(kept !== null);
  const [wrongs, setWrongs] = useState(nothingWrong);
  const [saving, setSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const edit = (some: Partial<Draft>): void => setDraft((before) => ({ ...before, ...some }));
  const { input, places } = inputOf(draft);
  const said = JSON.stringify(input);
  useEffect(() => {
    if (said === seen.said) {
      forget(rule?.id);
    } else {
      keepUnsaved(rule?.id, { draft, seen });
    }
  }, [rule?.id, draft, said, seen]);
  useEffect(() => form.current?.querySelector<HTMLElement>('input')?.focus(), []);
  useEffect(() => {
    if (wrongs.whole || wrongs.fields.size + wrongs.parts.size > 0) {
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }
  }, [wrongs]);

  // Somebody's switching or moving it collides with nothing that is typed here.
  const now = seenOf(rule);
  const isStale = now.version !== seen.version && (now.said !== seen.said || rule?.removedAt != null);
  if (now.version !== seen.version && !isStale) {
    setSeen(now);
  }

  const { data: rules = [] } = useRules();
  const trial = useTrial(`${said} ${stampOf(rules, rule?.id)}`);
  const isOn = rule?.state === 'ON' && !rule.removedAt;
  const isRemoved = rule !== null && rule.removedAt !== null;
  const isTried = trial.isFresh || trial.failure !== '';

  const complete = (): boolean => {
    const found = missing(draft, w.form);
    setWrongs(found);
    return found.whole === '';
  };
  const tryIt = async (): Promise<void> => {
    if (complete()) {
      const refusals = await trial.run({ ruleId: isRemoved ? null : rule?.id ?? null, rule: input, on: true });
      if (refusals.length > 0) {
        setWrongs(wrongsOf(refusals, places));
      }
    }
  };
  const save = async (on: boolean, version = seen.version): Promise<void> => {
    if (!complete() || saving) {
      return;
    }
    setSaving(true);
    try {
      const { ruleSave } = await ask(RuleSaveDocument, { input: rule && !isRemoved ? { ruleId: rule.id, version, rule: input } : { rule: input } });
      if (ruleSave.userErrors.length > 0 || !ruleSave.rule) {
        setWrongs(wrongsOf(ruleSave.userErrors.filter((e) => e.code !== 'STALE'), places)); // who changed it is told when it is read again
        return;
      }
      forget(rule?.id);
      keep(answers, ruleSave.rule);
      if (!on || ruleSave.rule.state === 'ON' || !(await commands.switchOn(ruleSave.rule))) {
        toast({ text: (ruleSave.rule.state === 'DRAFT' ? w.savedDraft : w.saved)(ruleSave.rule.name) });
      }
      leave(ruleSave.rule.id);
    } catch (failure) {
      setWrongs({ ...nothingWrong, whole: whyOf(failure, t) });
    } finally {
      setSaving(false);
      void answers.invalidateQueries({ queryKey: ['rules'] });
    }
  };

  const offices = useOpenOffices();
  const office = offices.find((o) => o.id === draft.officeId);
  const mailboxes = useMailboxes();
  const people = usePeople(draft.officeId);
  const wrongAt = wrongs.fields;
  return (
    <div className={css.writing}>
      <form id="rule-form" ref={form} className={css.form} noValidate aria-label={rule ? w.form.edit(rule.name) : w.form.add} onSubmit={(e) => {
        e.preventDefault();
        void tryIt();
      }}>
        <h2>{rule ? w.form.edit(rule.name) : w.form.add}</h2>
        {resumed && (
          <p className={css.resumed} role="status">
            <Icon name="clock" size={16} /> {w.form.resumed} <Button variant="default" size="compact-sm" onClick={() => {
              setDraft(draftOf(rule));
              setSeen(now);
              setResumed(false);
            }}>{w.form.discard}</Button>
          </p>
        )}
        {rule && isStale && (
          <Theirs
            rule={rule}
            keepMine={() => setSeen(now)}
            takeTheirs={() => {
              const mine = draft;
              setSeen(now);
              edit(draftOf(rule));
              toast({ text: w.form.taken, undo: () => edit(mine) });
            }}
            overwrite={!isOn || isTried ? () => void save(false, rule.version) : undefined}
          />
        )}
        {wrongs.whole && <p className={css.wrong} role="alert"><Icon name="alert" /> {wrongs.whole}</p>}
        <TextInput label={w.form.name} description={w.form.nameTold} required maxLength={100} value={draft.name} error={wrongAt.get('name')} onChange={(e) => edit({ name: e.currentTarget.value })} />
        <div>
          <p className={css.clause}>{w.form.if} <small className={css.quiet}>{w.form.ignores}</small></p>
          <Builder root={draft.root} change={(root) => edit({ root })} errors={wrongs.parts} mailboxes={mailboxes} />
        </div>
        <div>
          <p className={css.clause}>{w.form.then}</p>
          <div className={css.place}>
            <NativeSelect
              label={w.form.office} required value={draft.officeId} error={wrongAt.get('officeId')}
              data={[{ value: '', label: w.form.chooseOffice }, ...offices.map((o) => ({ value: o.id, label: o.name }))]}
              onChange={(e) => edit({ officeId: e.currentTarget.value, assigneeId: '' })}
            />
            <NativeSelect
              label={w.form.assignee} value={draft.assigneeId} error={wrongAt.get('assigneeId')} disabled={draft.officeId === ''}
              data={[{ value: '', label: w.form.head }, ...people.map((p) => ({ value: p.id, label: p.name }))]}
              onChange={(e) => edit({ assigneeId: e.currentTarget.value })}
            />
          </div>
        </div>
        <TextInput className={css.priority} label={w.form.priority} description={w.form.priorityTold} inputMode="numeric" value={draft.priority} error={wrongAt.get('priority')} onChange={(e) => edit({ priority: e.currentTarget.value })} />
        <div className={css.preview}>
          <p className={css.quiet}>{w.form.preview}</p>
          <p><Sentence condition={draft.root} office={office?.name ?? ''} assignee={people.find((p) => p.id === draft.assigneeId)?.name} /></p>
        </div>
      </form>
      <TrialPanel
        trial={trial}
        run="rule-form"
        outdated={w.trial.edited}
        next={(
          <>
            {!isTried && <p className={css.quiet}>{isOn ? w.form.tryFirstOn : w.form.tryFirst}</p>}
            <div className={css.buttons}>
              <Button variant="default" onClick={() => {
                forget(rule?.id);
                leave(rule?.id);
              }}>{w.form.cancel}</Button>
              {isOn
                ? <Button loading={saving} disabled={!isTried} onClick={() => void save(false)}>{w.form.saveOn}</Button>
                : (
                  <>
                    <Button variant="default" loading={saving} onClick={() => void save(false)}>{rule && rule.state === 'OFF' ? w.form.save : w.form.saveDraft}</Button>
                    <Button loading={saving} disabled={!isTried} onClick={() => void save(true)}>{w.form.saveAndOn}</Button>
                  </>
                )}
            </div>
          </>
        )}
      />
    </div>
  );
}

/** Addresses of our mailboxes. */
function useMailboxes(): readonly string[] {
  const { data } = useQuery({
    queryKey: ['mailboxes', 'addresses'],
    queryFn: ({ signal }) => allPages(async (after) => (await ask(RuleMailboxesDocument, { after }, signal)).mailboxes),
    select: (all) => all.map((m) => m.address),
  });
  return data ?? [];
}

/** Who works in an office. */
function usePeople(office: string): readonly { id: string; name: string }[] {
  const { data } = useQuery({
    queryKey: ['people', 'office', office],
    enabled: office !== '',
    queryFn: async ({ signal }) => {
      const { node } = await ask(RulePeopleDocument, { id: office }, signal);
      const members = node && 'members' in node ? node.members.nodes : [];
      return [...new Map(members.map((m) => [m.user.id, m.user])).values()];
    },
  });
  return data ?? [];
}
