// Builds a condition: each part is what, how and a value; parts stand in groups, and
// groups in groups.

import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { useId } from 'react';
import { Icon } from '../shell/icon';
import { useWords } from '../words/words';
import { fields, isGroup, modes, newGroup, newLeaf, replaced, testsOf, type Field, type Group, type Leaf, type Mode, type Part, type Test } from './condition';
import css from './rules.module.css';
import { words } from './words';

/** How deep groups are made; what is deeper already is shown and kept. */
const deepest = 3;

export interface BuilderProps {
  root: Group;
  change(root: Group): void;
  /** What is wrong with a part, by its key. */
  errors: ReadonlyMap<number, string>;
  mailboxes: readonly string[];
}

export function Builder({ root, change, errors, mailboxes }: BuilderProps) {
  const set = (key: number, by: (part: Part) => Part | null): void => change(key === root.key ? by(root) as Group : replaced(root, key, by));
  return <GroupFields group={root} depth={0} set={set} errors={errors} mailboxes={mailboxes} />;
}

interface PartProps {
  depth: number;
  set(key: number, by: (part: Part) => Part | null): void;
  errors: BuilderProps['errors'];
  mailboxes: readonly string[];
}

/** The element of a part that gets the focus when the part is new, or its neighbour is gone. */
function idOf(part: Part): string {
  return `part-${part.key}`;
}

function focusSoon(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}

function GroupFields({ group, depth, set, errors, mailboxes }: PartProps & { group: Group }) {
  const w = useWords(words);
  const wrong = errors.get(group.key);
  const told = useId();
  const add = (part: Part): void => {
    set(group.key, (g) => ({ ...(g as Group), parts: [...(g as Group).parts, part] }));
    focusSoon(idOf(part));
  };
  const remove = (part: Part, at: number): void => {
    set(part.key, () => null);
    const neighbour = group.parts[at + 1] ?? group.parts[at - 1];
    focusSoon(neighbour ? idOf(neighbour) : `add-${group.key}`);
  };
  return (
    <fieldset className={css.group} data-depth={depth} aria-describedby={wrong ? told : undefined}>
      <legend>{w.form.groupLabel(depth)}</legend>
      <div className={css.groupHead}>
        <NativeSelect
          id={idOf(group)}
          aria-label={w.form.mode}
          value={group.mode}
          data={modes.map((m) => ({ value: m, label: w.form.modes[m] }))}
          onChange={(e) => {
            const mode = e.currentTarget.value as Mode;
            set(group.key, (g) => ({ ...(g as Group), mode }));
          }}
        />
      </div>
      {wrong && <p id={told} className={css.wrong} role="alert"><Icon name="alert" size={16} /> {wrong}</p>}
      <ol className={css.parts}>
        {group.parts.map((part, i) => (
          <li key={part.key}>
            {isGroup(part)
              ? <GroupFields group={part} depth={depth + 1} set={set} errors={errors} mailboxes={mailboxes} />
              : <LeafFields leaf={part} depth={depth} set={set} errors={errors} mailboxes={mailboxes} />}
            {(depth > 0 || group.parts.length > 1) && (
              <ActionIcon
                className={css.removePart} variant="subtle" color="gray" size="lg"
                aria-label={isGroup(part) ? w.form.removeGroup : w.form.removeLeaf(i + 1)}
                title={isGroup(part) ? w.form.removeGroup : w.form.removeLeaf(i + 1)}
                onClick={() => remove(part, i)}
              >
                <Icon name="close" />
              </ActionIcon>
            )}
          </li>
        ))}
      </ol>
      <div className={css.groupAdd}>
        <Button id={`add-${group.key}`} variant="default" size="compact-sm" leftSection={<Icon name="plus" size={16} />} onClick={() => add(newLeaf())}>{w.form.addLeaf}</Button>
        {depth < deepest && (
          <Button variant="default" size="compact-sm" leftSection={<Icon name="plus" size={16} />} onClick={() => add(newGroup(group.mode === 'any' ? 'all' : 'any'))}>{w.form.addGroup}</Button>
        )}
      </div>
    </fieldset>
  );
}

function LeafFields({ leaf, set, errors, mailboxes }: PartProps & { leaf: Leaf }) {
  const w = useWords(words);
  const list = useId();
  const wrong = errors.get(leaf.key);
  const edit = (some: Partial<Leaf>): void => set(leaf.key, (l) => ({ ...(l as Leaf), ...some }));
  const isMailbox = leaf.field === 'mailbox';
  return (
    <div className={css.leaf}>
      <NativeSelect
        id={idOf(leaf)}
        aria-label={w.form.field}
        value={leaf.field}
        data={fields.map((f) => ({ value: f, label: w.form.fields[f] }))}
        onChange={(e) => {
          const field = e.currentTarget.value as Field;
          const isText = (f: Field): boolean => f === 'subject' || f === 'text';
          edit({ field, ...(isText(field) && isText(leaf.field) ? {} : { test: testsOf[field][0]!, value: '' }) });
        }}
      />
      <NativeSelect
        aria-label={w.form.test}
        value={`${leaf.test} ${leaf.not}`}
        data={testsOf[leaf.field].flatMap((t) => [false, true].map((not) => ({ value: `${t} ${not}`, label: w.form.tests[t][not ? 1 : 0] })))}
        onChange={(e) => {
          const [test, not] = e.currentTarget.value.split(' ');
          edit({ test: test as Test, not: not === 'true' });
        }}
      />
      {isMailbox ? (
        <NativeSelect
          aria-label={w.form.value}
          value={leaf.value}
          error={wrong}
          data={[{ value: '', label: w.form.chooseMailbox }, ...[...new Set([...mailboxes, ...(leaf.value ? [leaf.value] : [])])].map((m) => ({ value: m, label: m }))]}
          onChange={(e) => edit({ value: e.currentTarget.value })}
        />
      ) : (
        <>
          <TextInput
            aria-label={w.form.value}
            placeholder={w.form.hints[leaf.test]}
            value={leaf.value}
            error={wrong}
            list={leaf.test === 'type' ? list : undefined}
            spellCheck={leaf.field === 'subject' || leaf.field === 'text'}
            onChange={(e) => edit({ value: e.currentTarget.value })}
          />
          {leaf.test === 'type' && (
            <datalist id={list}>
              {['application/pdf', 'application/pkcs7-mime', 'text/xml', 'application/zip', 'image/*'].map((type) => <option key={type} value={type} />)}
            </datalist>
          )}
        </>
      )}
    </div>
  );
}
