// The routing rules: in their order, one of them in full, and how one is written,
// tried, and set back.

import { Button, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Unanswered } from '../admin/parts';
import { useAddress, type Said } from '../shell/address';
import { useCommands } from '../shell/commands';
import { useRoles } from '../shell/house';
import { Icon } from '../shell/icon';
import type { Command } from '../shell/keys';
import { matches } from '../shell/match';
import { Nothing, Waiting } from '../shell/states';
import { useSpeech, useWords } from '../words/words';
import { RuleDetail } from './detail';
import { RuleForm } from './form';
import { RuleList } from './list';
import { isKept, neighbours, shadows } from './order';
import { Removal } from './removal';
import css from './rules.module.css';
import { ReviewBar, useReview } from './review';
import { useRule, useRuleCommands, useRules, useVersions, type Rule } from './rulebook';
import { TryPage } from './try';
import { Versions } from './versions';
import { words } from './words';

const doings = ['new', 'edit', 'try', 'versions'] as const;

interface Place {
  rule?: string;
  do?: (typeof doings)[number];
  /** Of a new rule, the one that it begins like. */
  like?: string;
  /** Of a trial, the version that is tried; the rule as it is when left out. */
  version?: string;
}

function readPlace(said: Said): Place {
  return { rule: said['rule'], do: doings.find((d) => d === said['do']), like: said['like'], version: said['version'] };
}

export function Rules() {
  const w = useWords(words);
  const { t } = useSpeech();
  const roles = useRoles();
  const mayChange = roles.administrator;
  const [place, go] = useAddress(readPlace);
  const { data: rules, error, refetch } = useRules();
  const rule = useRule(place.rule);
  const like = useRule(place.like);
  const { data: versions } = useVersions(place.version === undefined ? undefined : place.rule);
  const covered = useMemo(() => shadows(rules ?? []), [rules]);
  const commands = useRuleCommands();
  const [removing, setRemoving] = useState(false);
  const isNarrow = useMediaQuery('(max-width: 60em)') ?? false;
  const offered = useOffered({ rules, rule: rule ?? null, doing: place.do, mayChange, go, commands, remove: () => setRemoving(true) });
  useFocus(place, isNarrow);

  if (error && !rules) {
    return <Unanswered again={() => void refetch()} />;
  }
  if (!rules || (place.rule !== undefined && rule === undefined) || (place.like !== undefined && like === undefined)) {
    return <Waiting />;
  }
  const back = (): void => go({ do: place.version ? 'versions' : undefined, like: undefined, version: undefined });
  const backButton = <Button variant="subtle" size="compact-sm" leftSection={<Icon name="arrowLeft" size={16} />} onClick={back}>{rule ? w.backToRule : w.back}</Button>;
  const removal = removing && rule && (
    <Removal rule={rule} close={() => setRemoving(false)} removed={() => {
      setRemoving(false);
      go({ rule: undefined });
    }} />
  );
  if (place.do === 'new' && mayChange) {
    return <div>{backButton}<RuleForm key={`like ${place.like}`} rule={null} like={like ?? null} leave={(id) => go({ rule: id ?? place.rule, do: undefined, like: undefined })} /></div>;
  }
  if (rule && place.do === 'edit' && mayChange && isKept(rule)) {
    return <div>{backButton}<RuleForm key={rule.id} rule={rule} like={null} leave={(id) => go({ rule: id ?? rule.id, do: undefined })} /></div>;
  }
  if (rule && place.do === 'try' && mayChange) {
    const version = versions?.find((v) => String(v.number) === place.version);
    return <div>{backButton}{place.version !== undefined && !version ? <Waiting /> : <TryPage key={`${rule.id} ${place.version}`} rule={rule} rules={rules} version={version} />}</div>;
  }
  if (rule && place.do === 'versions') {
    return <div>{backButton}<h2 className={css.of}>{w.versions.title}: {rule.name}</h2><Versions rule={rule} mayChange={mayChange && rule.removedAt === null} tryIt={(n) => go({ do: 'try', version: String(n) })} /></div>;
  }
  const wantsOne = place.rule !== undefined;
  return (
    <div className={css.page} data-chosen={wantsOne || undefined}>
      {!(isNarrow && wantsOne) && (
        <ListPane rules={rules} covered={covered} active={place.rule} mayChange={mayChange} add={() => go({ do: 'new' })} move={mayChange ? commands.move : undefined} />
      )}
      {wantsOne && (
        <section className={css.detail} aria-label={rule?.name ?? w.group}>
          <Button className={css.back} variant="subtle" size="compact-sm" leftSection={<Icon name={isNarrow ? 'arrowLeft' : 'close'} size={16} />} onClick={() => go({ rule: undefined })}>{isNarrow ? w.back : t.close}</Button>
          {rule ? <RuleDetail rule={rule} shadow={covered.get(rule.id)} commands={offered} /> : <Nothing>{w.notFound}</Nothing>}
        </section>
      )}
      {removal}
    </div>
  );
}

function ListPane({ rules, covered, active, mayChange, add, move }: {
  rules: readonly Rule[];
  covered: ReadonlyMap<string, Rule>;
  active: string | undefined;
  mayChange: boolean;
  add(): void;
  move: ((rule: Rule, before: Rule | null) => void) | undefined;
}) {
  const w = useWords(words);
  const [text, setText] = useState('');
  const review = useReview(rules);
  const shown = useMemo(() => rules.filter((r) => matches(text, `${r.name} ${r.office.name} ${r.condition?.source ?? ''}`)), [rules, text]);
  return (
    <section className={css.list} aria-label={w.group}>
      <p className={css.quiet}>{w.said}</p>
      <div className={css.bar}>
        {rules.length > 8 && <TextInput id="rules-search" type="search" aria-label={w.search} placeholder={w.search} leftSection={<Icon name="search" size={16} />} value={text} onChange={(e) => setText(e.currentTarget.value)} />}
        {mayChange && <Button leftSection={<Icon name="plus" size={16} />} onClick={add}>{w.add}</Button>}
      </div>
      {mayChange && rules.length > 0 && <ReviewBar review={review} />}
      {rules.length === 0 ? <Nothing>{w.none}</Nothing> : <RuleList rules={shown} shadows={covered} review={review} active={active} move={text === '' ? move : undefined} />}
    </section>
  );
}

/** What can be done now: buttons, keys and the palette all have it from here. */
function useOffered({ rules, rule, doing, mayChange, go, commands, remove }: {
  rules: readonly Rule[] | undefined;
  rule: Rule | null;
  doing: Place['do'];
  mayChange: boolean;
  go(place: Partial<Place>): void;
  commands: ReturnType<typeof useRuleCommands>;
  remove(): void;
}): readonly Command[] {
  const w = useWords(words);
  const latest = useRef({ go, remove });
  latest.current = { go, remove };
  const offered = useMemo<Command[]>(() => {
    const group = w.group;
    const { previous, next } = neighbours(rules ?? [], rule?.id ?? '');
    const at = rules?.findIndex((r) => r.id === rule?.id) ?? -1;
    const to = (place: Partial<Place>) => () => latest.current.go(place);
    const choose = (i: number) => () => {
      const found = rules?.[Math.max(0, Math.min(rules.length - 1, i))];
      if (found) {
        latest.current.go({ rule: found.id });
      }
    };
    const listed = doing === undefined;
    const all: Command[] = [
      { id: 'rule-next', title: w.next, group, keys: 'ArrowDown', possible: listed, run: choose(at + 1) },
      { id: 'rule-previous', title: w.previous, group, keys: 'ArrowUp', possible: listed, run: choose(at < 0 ? 0 : at - 1) },
      { id: 'rule-back', title: w.back, group, keys: 'Escape', possible: rule !== null || !listed, run: to(listed ? { rule: undefined } : { do: undefined, like: undefined, version: undefined }) },
    ];
    if (mayChange) {
      all.push({ id: 'rule-new', title: w.add, group, keys: { simple: 'n', gmail: 'n' }, possible: listed, run: to({ do: 'new' }) });
    }
    if (rule && listed) {
      all.push(...ofRule());
    }
    return all;

    function ofRule(): Command[] {
      const kept = isKept(rule!) && rule!.removedAt === null;
      const some: Command[] = [];
      if (mayChange && kept) {
        some.push(
          { id: 'rule-edit', title: w.edit, group, keys: { simple: 'm', gmail: 'm' }, ofRow: true, run: to({ do: 'edit' }) },
          rule!.state === 'ON'
            ? { id: 'rule-off', title: w.switchOff, group, keys: { simple: 'd', gmail: 'd' }, ofRow: true, run: () => void commands.switchOff(rule!) }
            : { id: 'rule-on', title: w.switchOn, group, keys: { simple: 'd', gmail: 'd' }, ofRow: true, run: to({ do: 'try' }) },
        );
      }
      if (mayChange && rule!.removedAt === null) {
        some.push({ id: 'rule-try', title: w.tryIt, group, keys: { simple: 'p', gmail: 'p' }, ofRow: true, run: to({ do: 'try' }) });
      }
      if (isKept(rule!)) {
        some.push({ id: 'rule-versions', title: w.history, group, keys: { simple: 'v', gmail: 'v' }, ofRow: true, run: to({ do: 'versions' }) });
      }
      if (mayChange && kept) {
        some.push(
          { id: 'rule-up', title: w.up, group, keys: 'Shift+ArrowUp', possible: previous !== undefined, ofRow: true, run: () => commands.step(rule!.id, 'up') },
          { id: 'rule-down', title: w.down, group, keys: 'Shift+ArrowDown', possible: next !== undefined, ofRow: true, run: () => commands.step(rule!.id, 'down') },
          { id: 'rule-remove', title: w.remove, group, possible: rule!.state !== 'ON', ofRow: true, run: () => latest.current.remove() },
        );
      }
      if (mayChange) {
        some.push({ id: 'rule-copy', title: w.copy, group, ofRow: true, run: to({ do: 'new', like: rule!.id }) });
      }
      return some;
    }
  }, [w, rules, rule, doing, mayChange, commands]);
  useCommands(offered);
  return offered;
}

/** After a page of its own is left, the focus is on the rule again. */
function useFocus(place: Place, isNarrow: boolean): void {
  const before = useRef(place);
  const focus = useCallback((id: string) => requestAnimationFrame(() => document.getElementById(id)?.focus()), []);
  useEffect(() => {
    const was = before.current;
    before.current = place;
    if (was === place || place.do !== undefined) {
      return;
    }
    const id = place.rule ?? was.rule;
    if (id !== undefined) {
      focus(isNarrow && place.rule !== undefined ? 'rule-head' : `rule-${id}`);
    }
  }, [place, isNarrow, focus]);
}
