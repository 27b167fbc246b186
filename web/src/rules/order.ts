// The order of the rules, and what it makes of them: those of the configuration stand
// by their priority; those of people are moved among each other.

import type { RuleShownFragment } from '../generated/graphql';
import { read, surely } from './condition';

type Rule = RuleShownFragment;

export function isKept(rule: Pick<Rule, 'origin'>): boolean {
  return rule.origin === 'PEOPLE';
}

/** The rules that people keep around one of them; those of the configuration stay where they are. */
export function neighbours(rules: readonly Rule[], id: string): { previous?: Rule | undefined; next?: Rule | undefined; afterNext?: Rule | undefined } {
  const kept = rules.filter(isKept);
  const at = kept.findIndex((r) => r.id === id);
  return at < 0 ? {} : { previous: kept[at - 1], next: kept[at + 1], afterNext: kept[at + 2] };
}

/** The order after a rule was put before another one; before none, at the end of those that people keep. */
export function moved(rules: readonly Rule[], rule: Rule, before: Rule | null): Rule[] {
  const others = rules.filter((r) => r.id !== rule.id);
  const last = others.findLastIndex(isKept);
  if (last < 0) {
    return [...rules];
  }
  const place = before ? others.findIndex((r) => r.id === before.id) : last + 1;
  const priority = (before ?? others[last]!).priority;
  return others.toSpliced(place, 0, { ...rule, priority });
}

/** How a move is taken back: by another move, or by the version of before. */
export type Way = { before: Rule | null } | { version: number };

/** How a rule comes back to where it was among `rules`, from a place of this priority; none when that is not possible in one go. */
export function wayBack(rules: readonly Rule[], rule: Rule, priority: number): Way | undefined {
  const { previous, next } = neighbours(rules, rule.id);
  if (next?.priority === rule.priority) {
    return { before: next };
  }
  if (priority !== rule.priority) {
    return { version: rule.version }; // it goes to the end of its priority, where it was
  }
  return next === undefined && previous?.priority === rule.priority ? { before: null } : undefined;
}

/** By id, the rule that comes before an active one and takes all that it would take. */
export function shadows(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  const found = new Map<string, Rule>();
  const earlier: { rule: Rule; group: ReturnType<typeof read> }[] = [];
  for (const rule of rules) {
    if (!rule.condition) {
      continue;
    }
    const group = read(rule.condition.source);
    const shadow = earlier.find((e) => surely(group, e.group));
    if (shadow) {
      found.set(rule.id, shadow.rule);
    }
    if (rule.state === 'ON') {
      earlier.push({ rule, group });
    }
  }
  return found;
}

/** Whether a rule that is on was applied, and not for so many days before now. */
export function isStill(rule: Pick<Rule, 'state' | 'lastHitAt'>, days: number, now: Date): boolean {
  return rule.state === 'ON' && rule.lastHitAt !== null && Date.parse(rule.lastHitAt) < now.getTime() - days * 86_400_000;
}

/** What a trial was made with: when another rule changes, it says nothing any more. */
export function stampOf(rules: readonly Rule[], except?: string): string {
  return rules.filter((r) => r.state === 'ON' && r.id !== except).map((r) => `${r.id}.${r.version}`).join(' ');
}
