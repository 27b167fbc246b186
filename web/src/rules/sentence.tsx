// A rule in one sentence: SE … ALLORA …

import { useMemo } from 'react';
import { useWords } from '../words/words';
import { isGroup, read, type Group, type Leaf, type Part } from './condition';
import css from './rules.module.css';
import { words, type RulesWords } from './words';

export function Sentence({ condition, office, assignee }: {
  /** As the server has it or as a form has it; null when it cannot be read. */
  condition: string | Group | null;
  office: string;
  assignee?: string | undefined;
}) {
  const w = useWords(words);
  const group = useMemo(() => (typeof condition === 'string' ? read(condition) : condition), [condition]);
  return (
    <span className={css.sentence}>
      <b>{w.sentence.if}</b> {group ? say(group, w) : w.sentence.nothing} <b>{w.sentence.then}</b> {w.sentence.to} <span className={css.office}>{office || w.sentence.nothing}</span>
      {assignee && w.sentence.toPerson(assignee)}
    </span>
  );
}

/** A condition in words. */
export function say(part: Part, w: RulesWords): string {
  const quoted = ({ value }: Leaf): string => (value.trim() === '' ? w.sentence.nothing : `«${value.trim()}»`);
  if (!isGroup(part)) {
    return w.sentence.leaf(part.field, part.test, part.not, quoted(part));
  }
  const join = part.mode === 'any' || part.mode === 'none' ? w.sentence.or : w.sentence.and;
  const alike = part.mode === 'any' ? allAlike(part) : null;
  if (alike) { // what is the same in all is said once
    return w.sentence.leaf(alike[0]!.field, alike[0]!.test, false, alike.map(quoted).join(join));
  }
  const said = part.parts.length === 0 ? w.sentence.nothing : part.parts.map((p) => (isGroup(p) && p.parts.length > 1 ? `(${say(p, w)})` : say(p, w))).join(join);
  switch (part.mode) {
    case 'none':
      return `${w.sentence.noneOf}(${said})`;
    case 'notAll':
      return `${w.sentence.notAllOf}(${said})`;
    default:
      return said;
  }
}

/** The parts of a group when they ask the same of the same field, and only their values differ. */
function allAlike({ parts }: Group): readonly Leaf[] | null {
  const leaves = parts.filter((p): p is Leaf => !isGroup(p));
  const first = leaves[0];
  return first && leaves.length === parts.length && leaves.every((l) => l.field === first.field && l.test === first.test && !l.not) ? leaves : null;
}
