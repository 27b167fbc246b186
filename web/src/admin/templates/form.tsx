import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ask } from '../../api/ask';
import { AdminTemplateRemoveDocument, AdminTemplateSaveDocument, type TemplateKind } from '../../generated/graphql';
import { useRoles } from '../../shell/house';
import { useToast } from '../../shell/toasts';
import { useWords } from '../../words/words';
import { Confirm } from '../confirm';
import { FormDialog } from '../form-dialog';
import { State } from '../parts';
import { useSaving } from '../saving';
import { words as common } from '../words';
import { hasLooks, htmlOf, plainOf } from './plain';
import css from './templates.module.css';
import type { Template } from './templates';
import { words } from './words';

const kinds = ['TEXT', 'SIGNATURE'] as const satisfies readonly TemplateKind[];

/** A new template, or one as it is. */
export default function TemplateForm({ template, mayChange, close }: { template: Template | undefined; mayChange: boolean; close(): void }) {
  const w = useWords(words);
  const c = useWords(common);
  const roles = useRoles();
  const toast = useToast();
  const answers = useQueryClient();
  const saving = useSaving('name', 'subject', 'html');
  const [before] = useState(template);
  const [fields, setFields] = useState(() => ({ kind: template?.kind ?? 'TEXT' as TemplateKind, name: template?.name ?? '', subject: template?.subject ?? '', text: plainOf(template?.html ?? '') }));
  const set = (some: Partial<typeof fields>): void => setFields((f) => ({ ...f, ...some }));
  const [owner, setOwner] = useState(roles.administrator ? 'house' : roles.heads[0]?.id ?? 'mine');
  const [removing, setRemoving] = useState(false);
  const text = useRef<HTMLTextAreaElement>(null);
  const insert = (field: string): void => {
    const at = text.current?.selectionStart ?? fields.text.length;
    const place = `{{${field}}}`;
    set({ text: fields.text.slice(0, at) + place + fields.text.slice(text.current?.selectionEnd ?? at) });
    requestAnimationFrame(() => {
      text.current?.focus();
      text.current?.setSelectionRange(at + place.length, at + place.length);
    });
  };
  const old = (): void => void answers.invalidateQueries({ queryKey: ['templates'] });
  const submit = async (): Promise<void> => {
    const done = await saving.save(async () => {
      // Who has not touched the text keeps its looks.
      const html = before && plainOf(before.html) === fields.text ? before.html : htmlOf(fields.text);
      const input = { kind: fields.kind, name: fields.name, subject: fields.subject, html, ...(template ? { templateId: template.id } : owner === 'mine' ? { mine: true } : owner === 'house' ? {} : { officeId: owner }) };
      return (await ask(AdminTemplateSaveDocument, { input })).templateSave.userErrors;
    });
    if (done) {
      old();
      toast({ text: w.saved(fields.name) });
      close();
    }
  };
  if (removing && template) {
    return (
      <Confirm
        title={w.removeTitle(template.name)} verb={w.remove} typed={template.name} label={w.typeName(template.name)} close={() => setRemoving(false)}
        impact={w.removeImpact(template.office?.name ?? (template.person ? w.mine : w.house))}
        command={async () => (await ask(AdminTemplateRemoveDocument, { id: template.id })).templateRemove.userErrors}
        done={() => {
          old();
          toast({ text: w.removed(template.name) });
          close();
        }}
      />
    );
  }
  const title = !template ? w.addTitle : mayChange ? w.editTitle(template.name) : w.lookTitle(template.name);
  return (
    <FormDialog title={title} verb={c.save} possible={mayChange} saving={saving} submit={() => void submit()} close={close}>
      {!mayChange && <p className={css.note}>{w.mayNot}</p>}
      {template && before && template.changedAt !== before.changedAt && <State tone="warn">{w.movedMeanwhile}</State>}
      {!template && (
        <NativeSelect
          label={w.owner} size="md" value={owner} onChange={(e) => setOwner(e.currentTarget.value)}
          data={[...(roles.administrator ? [{ value: 'house', label: w.house }] : []), ...roles.heads.map((o) => ({ value: o.id, label: o.name })), { value: 'mine', label: w.mine }]}
        />
      )}
      <TextInput label={w.name} size="md" required data-autofocus readOnly={!mayChange} value={fields.name} error={saving.at('name')} onChange={(e) => set({ name: e.currentTarget.value })} />
      <NativeSelect
        label={w.kind} size="md" description={w.kindsTold[fields.kind]} disabled={template !== undefined} value={fields.kind}
        data={kinds.map((k) => ({ value: k, label: w.kinds[k] }))} onChange={(e) => set({ kind: e.currentTarget.value as TemplateKind })}
      />
      {fields.kind === 'TEXT' && <TextInput label={w.subject} size="md" readOnly={!mayChange} value={fields.subject} error={saving.at('subject')} onChange={(e) => set({ subject: e.currentTarget.value })} />}
      <Textarea ref={text} label={w.text} size="md" rows={7} readOnly={!mayChange} value={fields.text} error={saving.at('html')} onChange={(e) => set({ text: e.currentTarget.value })} />
      {mayChange && template && hasLooks(template.html) && plainOf(template.html) !== fields.text && <State tone="warn">{w.losesLooks}</State>}
      {mayChange && (
        <fieldset className={css.fields}>
          <legend>{w.fields}</legend>
          {Object.entries(w.fieldsOf).map(([field, told]) => (
            <Button key={field} size="compact-md" variant="default" title={told} onClick={() => insert(field)}>{`{{${field}}}`}</Button>
          ))}
        </fieldset>
      )}
      {template && mayChange && <div><Button variant="outline" color="red" className={css.danger} onClick={() => setRemoving(true)}>{w.remove}</Button></div>}
    </FormDialog>
  );
}
