import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { ask } from '../../api/ask';
import { OfficeSetDocument } from '../../generated/graphql';
import { useToast } from '../../shell/toasts';
import { useWords } from '../../words/words';
import { changed, movedMeanwhile } from '../changes';
import { FormDialog } from '../form-dialog';
import { State } from '../parts';
import { useSaving } from '../saving';
import { words as common } from '../words';
import { habits, type Office } from './offices';
import css from './offices.module.css';
import { treeOf, withBelow } from './tree';
import { words, type OfficeWords } from './words';

const blank = { code: '', name: '', parent: '', headSeesBelow: false, operatorsSeeOwn: false, operatorsMayTake: true, reasonToMove: false, approvals: 0 };

function fieldsOf(office: Office | undefined): typeof blank {
  if (!office) {
    return blank;
  }
  const { code, name, parent, headSeesBelow, operatorsSeeOwn, operatorsMayTake, reasonToMove, approvals } = office;
  return { code, name, parent: parent?.code ?? '', headSeesBelow, operatorsSeeOwn, operatorsMayTake, reasonToMove, approvals };
}

/** A new office, or one with its habits. */
export default function OfficeForm({ office, all, close }: { office: Office | undefined; all: readonly Office[]; close(): void }) {
  const w = useWords(words);
  const c = useWords(common);
  const toast = useToast();
  const answers = useQueryClient();
  const saving = useSaving('code', 'name', 'parent', 'approvals');
  const [before] = useState(() => fieldsOf(office));
  const [fields, setFields] = useState(before);
  const set = (some: Partial<typeof blank>): void => setFields((f) => ({ ...f, ...some }));
  const moved = office ? movedMeanwhile(before, fieldsOf(office), fields) : [];
  const below = office ? withBelow(office.id, all) : new Set<string>();
  const submit = async (): Promise<void> => {
    const done = await saving.save(async () => {
      if (!office && all.some((o) => o.code === fields.code.trim())) { // the command would change that one
        return [{ __typename: 'CommandError', message: w.codeTaken, code: 'INVALID', path: ['code'] }];
      }
      const input = { ...(office ? changed(before, fields) : fields), code: fields.code.trim() };
      return (await ask(OfficeSetDocument, { input })).officeSet.userErrors;
    });
    if (done) {
      void answers.invalidateQueries({ queryKey: ['offices'] });
      toast({ text: office ? w.changed(fields.name) : w.made(fields.name) });
      close();
    }
  };
  return (
    <FormDialog title={office ? w.editTitle(office.name) : w.addTitle} verb={c.save} saving={saving} submit={() => void submit()} close={close}>
      {moved.length > 0 && <State tone="warn">{c.movedMeanwhile(moved.map((f) => nameOf(f, w)).join(', '))}</State>}
      <TextInput label={w.name} size="md" required data-autofocus maxLength={200} value={fields.name} error={saving.at('name')} onChange={(e) => set({ name: e.currentTarget.value })} />
      <TextInput label={w.code} size="md" required readOnly={office !== undefined} description={office ? undefined : w.codeTold} maxLength={100} value={fields.code} error={saving.at('code')} onChange={(e) => set({ code: e.currentTarget.value })} />
      <NativeSelect
        label={w.parent} size="md" value={fields.parent} error={saving.at('parent')}
        data={[{ value: '', label: w.noParent }, ...treeOf(all.filter((o) => !below.has(o.id) && !o.closedAt)).map((p) => ({ value: p.office.code, label: `${'\u2003'.repeat(p.depth)}${p.office.name}` }))]}
        onChange={(e) => set({ parent: e.currentTarget.value })}
      />
      <NativeSelect
        label={w.approvals} size="md" value={String(fields.approvals)} error={saving.at('approvals')}
        data={w.approvalsOf.map((label, i) => ({ value: String(i), label }))}
        onChange={(e) => set({ approvals: Number(e.currentTarget.value) })}
      />
      {habits.map((h) => <Checkbox key={h} size="md" label={w.habitsOf[h].label} checked={fields[h]} onChange={(e) => set({ [h]: e.currentTarget.checked })} />)}
      {office && (
        <section>
          <b>{w.members}</b> <small>{w.membersTold}</small>
          {office.members.nodes.length === 0
            ? <p>{w.nobody}</p>
            : (
              <ul className={css.members}>
                {office.members.nodes.map((m) => <li key={m.id}><Link href={`/admin/people?who=${encodeURIComponent(m.user.id)}`}>{m.user.name}</Link> – {w.roles[m.role]}</li>)}
                {office.members.pageInfo.hasNextPage && <li>{w.more}</li>}
              </ul>
            )}
        </section>
      )}
    </FormDialog>
  );
}

function nameOf(field: keyof typeof blank, w: OfficeWords): string {
  return field === 'name' || field === 'code' || field === 'parent' || field === 'approvals' ? w[field] : w.habitsOf[field].short;
}
