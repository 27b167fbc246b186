// A rule as a form has it, and what of it is wrong.

import type { ErrorFragment, RuleInput } from '../generated/graphql';
import { newGroup, newLeaf, partAt, read, unsaid, write, isGroup, type Group, type Places } from './condition';
import type { Rule, Version } from './rulebook';
import type { RulesWords } from './words';

export interface Draft {
  name: string;
  root: Group;
  officeId: string;
  assigneeId: string;
  priority: string;
}

export type DraftField = 'name' | 'officeId' | 'assigneeId' | 'priority';

/** What stands in a form at first: what a rule says, or nothing yet. */
export function draftOf(rule: Pick<Rule | Version, 'name' | 'condition' | 'office' | 'assignee' | 'priority'> | null): Draft {
  return {
    name: rule?.name ?? '',
    root: rule?.condition ? read(rule.condition.source) : newGroup('all', [newLeaf()]),
    officeId: rule?.office.id ?? '',
    assigneeId: rule?.assignee?.id ?? '',
    priority: String(rule?.priority ?? 100),
  };
}

/** What a command is given, and where each part of the condition stands in it. */
export function inputOf(draft: Draft): { input: RuleInput; places: Places } {
  const places: Places = new Map();
  return {
    input: {
      name: draft.name.trim(), condition: write(draft.root, 'rule.condition', places),
      officeId: draft.officeId, assigneeId: draft.assigneeId || null, priority: Number(draft.priority),
    },
    places,
  };
}

/** What a rule said when somebody began to change it. */
export interface Seen {
  version: number | undefined;
  said: string;
}

export function seenOf(rule: Rule | null): Seen {
  return { version: rule?.version, said: JSON.stringify(inputOf(draftOf(rule)).input) };
}

export interface Wrongs {
  fields: ReadonlyMap<DraftField, string>;
  parts: ReadonlyMap<number, string>;
  /** What is wrong with the whole. */
  whole: string;
}

export const nothingWrong: Wrongs = { fields: new Map(), parts: new Map(), whole: '' };

/** What is missing, before the server is asked. */
export function missing(draft: Draft, { missing: told, wrong }: RulesWords['form']): Wrongs {
  const fields = new Map<DraftField, string>();
  if (draft.name.trim() === '') {
    fields.set('name', told.name);
  }
  if (draft.officeId === '') {
    fields.set('officeId', told.office);
  }
  if (!/^\d{1,6}$/.test(draft.priority) || Number(draft.priority) > 100_000) {
    fields.set('priority', told.priority);
  }
  const parts = new Map(unsaid(draft.root).map((p) => [p.key, isGroup(p) ? told.group : p.field === 'mailbox' ? told.mailbox : told.value]));
  return { fields, parts, whole: fields.size + parts.size > 0 ? wrong(fields.size + parts.size) : '' };
}

/** What the server found wrong, at its fields. */
export function wrongsOf(errors: readonly ErrorFragment[], places: Places): Wrongs {
  const fields = new Map<DraftField, string>();
  const parts = new Map<number, string>();
  const whole: string[] = [];
  for (const { path, message } of errors) {
    const place = path.join('.');
    const field = /^rule\.(name|officeId|assigneeId|priority)$/.exec(place)?.[1] as DraftField | undefined;
    const part = partAt(place, places);
    if (field) {
      fields.set(field, message);
    } else if (part !== undefined) {
      parts.set(part, message);
    } else {
      whole.push(message);
    }
  }
  return { fields, parts, whole: whole.join(' ') };
}
