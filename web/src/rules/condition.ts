// A condition as a form has it: parts that hold or not, in groups, in groups. It is
// read from what a rule says, and written back as the server wants it.

import type { RuleConditionInput } from '../generated/graphql';
import { folded } from '../shell/match';

export const fields = ['mailbox', 'sender', 'subject', 'text', 'attachment'] as const;
export type Field = (typeof fields)[number];

/** How a field is compared. The server knows patterns alone; people choose by words. */
export type Test = 'is' | 'address' | 'domain' | 'words' | 'prefix' | 'part' | 'name' | 'type';

export const testsOf: Readonly<Record<Field, readonly Test[]>> = {
  mailbox: ['is'],
  sender: ['address', 'domain'],
  subject: ['words', 'prefix', 'part'],
  text: ['words', 'prefix', 'part'],
  attachment: ['name', 'type'],
};

export const modes = ['all', 'any', 'none', 'notAll'] as const;
export type Mode = (typeof modes)[number];

export interface Leaf {
  key: number;
  field: Field;
  test: Test;
  value: string;
  /** Whether it must not hold. */
  not: boolean;
}

export interface Group {
  key: number;
  mode: Mode;
  parts: readonly Part[];
}

export type Part = Leaf | Group;

export function isGroup(part: Part): part is Group {
  return 'parts' in part;
}

let lastKey = 0;

export function newLeaf(field: Field = 'subject', value = '', not = false): Leaf {
  return { key: ++lastKey, field, test: testsOf[field][0]!, value, not };
}

export function newGroup(mode: Mode = 'any', parts: readonly Part[] = [newLeaf()]): Group {
  return { key: ++lastKey, mode, parts };
}

/** The same group, with keys of this page. */
export function fresh(group: Group): Group {
  return newGroup(group.mode, group.parts.map((p) => (isGroup(p) ? fresh(p) : { ...p, key: ++lastKey })));
}

/** What `RuleCondition.source` holds. */
interface Said extends Partial<Record<Field, string>> {
  all?: Said[];
  any?: Said[];
  not?: Said;
}

/** Reads `RuleCondition.source`. */
export function read(source: string): Group {
  const part = partOf(JSON.parse(source) as Said);
  return isGroup(part) ? part : newGroup('all', [part]);
}

function partOf(said: Said): Part {
  const any = said.any ?? [];
  const parts: Part[] = [
    ...fields.filter((f) => said[f]).map((f) => leafOf(f, said[f]!)),
    ...(said.all ?? []).map(partOf),
    ...(any.length === 1 ? any.map(partOf) : any.length > 1 ? [newGroup('any', any.map(partOf))] : []),
    ...(said.not ? [negated(partOf(said.not))] : []),
  ];
  return parts.length === 1 ? parts[0]! : newGroup('all', parts);
}

const opposite: Readonly<Record<Mode, Mode>> = { all: 'notAll', notAll: 'all', any: 'none', none: 'any' };

function negated(part: Part): Part {
  return isGroup(part) ? { ...part, mode: opposite[part.mode] } : { ...part, not: !part.not };
}

function leafOf(field: Field, pattern: string): Leaf {
  const leaf = newLeaf(field, pattern);
  if (field === 'sender' && pattern.startsWith('@')) {
    return { ...leaf, test: 'domain', value: pattern.slice(1) };
  }
  if (field === 'attachment' && pattern.includes('/')) {
    return { ...leaf, test: 'type' };
  }
  if (field === 'subject' || field === 'text') {
    const inner = /^(\*?)([^*\s]+)\*$/.exec(pattern);
    return inner ? { ...leaf, test: inner[1] ? 'part' : 'prefix', value: inner[2]! } : leaf;
  }
  return leaf;
}

/** The pattern of a leaf, as the server knows it. */
export function patternOf({ test, value }: Leaf): string {
  const text = value.trim();
  if (text === '') {
    return '';
  }
  switch (test) {
    case 'domain':
      return text.startsWith('@') ? text : `@${text}`;
    case 'prefix':
      return `${text}*`;
    case 'part':
      return `*${text}*`;
    default:
      return text;
  }
}

/** Where in the input of a command each part stands, so that an error finds its field. */
export type Places = Map<string, number>;

/** Writes a condition for a command. */
export function write(part: Part, path = 'rule.condition', places: Places = new Map()): RuleConditionInput {
  places.set(path, part.key);
  if (!isGroup(part)) {
    const said = { [part.field]: patternOf(part) };
    if (part.not) {
      places.set(`${path}.not`, part.key);
    }
    return part.not ? { not: said } : said;
  }
  const inside = part.mode === 'none' || part.mode === 'notAll' ? `${path}.not` : path;
  const name = part.mode === 'any' || part.mode === 'none' ? 'any' : 'all';
  const said = { [name]: part.parts.map((p, i) => write(p, `${inside}.${name}.${i}`, places)) };
  return inside === path ? said : { not: said };
}

/** The part that an error is about: the innermost one on its path. */
export function partAt(path: string, places: Places): number | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const key = places.get(at);
    if (key !== undefined) {
      return key;
    }
  }
  return undefined;
}

/** Parts that say nothing yet. */
export function unsaid(part: Part): Part[] {
  if (!isGroup(part)) {
    return part.value.trim() === '' ? [part] : [];
  }
  return part.parts.length === 0 ? [part] : part.parts.flatMap(unsaid);
}

/** The same condition with one part made something else, or taken out. */
export function replaced(group: Group, key: number, by: (part: Part) => Part | null): Group {
  return {
    ...group,
    parts: group.parts.flatMap((part) => {
      const made = part.key === key ? by(part) : isGroup(part) ? replaced(part, key, by) : part;
      return made === null ? [] : [made];
    }),
  };
}

/**
 * Whether `wide` surely holds wherever `narrow` does: then a rule with `narrow` that
 * comes after one with `wide` decides nothing. False where that cannot be read off.
 */
export function surely(narrow: Part, wide: Part): boolean {
  if (isGroup(wide) && wide.mode === 'all') {
    return wide.parts.every((w) => surely(narrow, w));
  }
  if (isGroup(narrow) && narrow.mode === 'any') {
    return narrow.parts.every((n) => surely(n, wide));
  }
  if (isGroup(wide) && wide.mode === 'any' && wide.parts.some((w) => surely(narrow, w))) {
    return true;
  }
  if (isGroup(narrow)) {
    return narrow.mode === 'all' ? narrow.parts.some((n) => surely(n, wide)) : sameGroup(narrow, wide);
  }
  return !isGroup(wide) && narrow.field === wide.field && narrow.not === wide.not
    && (narrow.not ? within(wide, narrow) : within(narrow, wide));
}

function sameGroup(one: Group, other: Part): boolean {
  return isGroup(other) && one.mode === other.mode && one.parts.length === other.parts.length
    && one.parts.every((p, i) => surely(p, other.parts[i]!) && surely(other.parts[i]!, p));
}

/** Whether what the pattern of `narrow` finds, that of `wide` finds too. */
function within(narrow: Leaf, wide: Leaf): boolean {
  const [n, w] = [folded(patternOf(narrow)), folded(patternOf(wide))];
  if (n === w) {
    return true;
  }
  switch (wide.field) {
    case 'sender':
      return wide.test === 'domain' && !w.includes('*') && n.endsWith(w);
    case 'subject':
    case 'text': {
      const [words, wanted] = [wordsOf(n), wordsOf(w)];
      return words.some((_, at) => wanted.every((p, i) => at + i < words.length && like(p, words[at + i]!)));
    }
    case 'attachment':
      return wide.test === 'name' && narrow.test === 'name' && n.endsWith(`.${w.replace(/^\./, '')}`);
    default:
      return false;
  }
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}*]+/u).filter((word) => word !== '');
}

function like(pattern: string, word: string): boolean {
  return new RegExp(`^${pattern.replaceAll(/\*+/g, '.*')}$`, 'u').test(word);
}
