import { Button, InputError, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { EditorContent } from '@tiptap/react';
import { useEffect, useRef, useState } from 'react';
import { ask } from '../../api/ask';
import { AdminTemplateRemoveDocument, AdminTemplateSaveDocument, type TemplateKind } from '../../generated/graphql';
import { LinkDialog } from '../../reply/dialogs';
import { read, removePicture, setLink, useText } from '../../reply/text';
import { Toolbar } from '../../reply/toolbar';
import { useRoles } from '../../shell/house';
import { useToast } from '../../shell/toasts';
import { useWords } from '../../words/words';
import { Confirm } from '../confirm';
import { FormDialog } from '../form-dialog';
import { State } from '../parts';
import { useSaving } from '../saving';
import { words as common } from '../words';
import css from './templates.module.css';
import type { Template } from './templates';
import { words } from './words';

const kinds = ['TEXT', 'SIGNATURE'] as const satisfies readonly TemplateKind[];
const nothing = (): void => undefined;

/** A new template, or one as it is. */
export default function TemplateForm({ template, mayChange, close }: { template: Template | undefined; mayChange: boolean; close(): void }) {
  const w = useWords(words);
  const c = useWords(common);
  const roles = useRoles();
  const toast = useToast();
  const answers = useQueryClient();
  const saving = useSaving('name', 'subject', 'html');
  const [before] = useState(template);
  const [fields, setFields] = useState({ kind: template?.kind ?? 'TEXT' as TemplateKind, name: template?.name ?? '', subject: template?.subject ?? '' });
  const set = (some: Partial<typeof fields>): void => setFields((f) => ({ ...f, ...some }));
  const [owner, setOwner] = useState(roles.administrator ? 'house' : roles.heads[0]?.id ?? 'mine');
  const [asking, setAsking] = useState<'remove' | 'link' | null>(null);
  const toolbar = useRef<HTMLDivElement>(null);
  const editor = useText(template?.html ?? '', {
    label: w.text, changed: nothing, takeFiles: nothing, send: nothing, pathOf: () => undefined, link: () => setAsking('link'),
    left: () => toast({ tone: 'trouble', text: w.noPictures }),
    takePictures: (pictures) => {
      toast({ tone: 'trouble', text: w.noPictures });
      queueMicrotask(() => pictures.forEach(({ cid }) => removePicture(editor, cid)));
    },
  });
  useEffect(() => {
    if (!editor.isDestroyed) {
      editor.setEditable(mayChange, false);
    }
  }, [editor, mayChange]);
  const old = (): void => void answers.invalidateQueries({ queryKey: ['templates'] });
  const submit = async (): Promise<void> => {
    const done = await saving.save(async () => {
      const whose = template ? { templateId: template.id } : owner === 'mine' ? { mine: true } : owner === 'house' ? {} : { officeId: owner };
      return (await ask(AdminTemplateSaveDocument, { input: { ...fields, html: read(editor), ...whose } })).templateSave.userErrors;
    });
    if (done) {
      old();
      toast({ text: w.saved(fields.name) });
      close();
    }
  };
  const title = !template ? w.addTitle : mayChange ? w.editTitle(template.name) : w.lookTitle(template.name);
  // The further questions stand beside the form, not in it: their answers are not its.
  return (
    <>
      <FormDialog title={title} verb={c.save} possible={mayChange} saving={saving} submit={() => void submit()} close={close}>
        {!mayChange && <p className={css.note}>{w.mayNot}</p>}
        {template && before && template.changedAt !== before.changedAt && <State tone="warn">{w.movedMeanwhile}</State>}
        <TextInput label={w.name} size="md" required data-autofocus readOnly={!mayChange} value={fields.name} error={saving.at('name')} onChange={(e) => set({ name: e.currentTarget.value })} />
        {!template && (
          <NativeSelect
            label={w.owner} size="md" value={owner} onChange={(e) => setOwner(e.currentTarget.value)}
            data={[...(roles.administrator ? [{ value: 'house', label: w.house }] : []), ...roles.heads.map((o) => ({ value: o.id, label: o.name })), { value: 'mine', label: w.mine }]}
          />
        )}
        <NativeSelect
          label={w.kind} size="md" description={w.kindsTold[fields.kind]} disabled={template !== undefined} value={fields.kind}
          data={kinds.map((k) => ({ value: k, label: w.kinds[k] }))} onChange={(e) => set({ kind: e.currentTarget.value as TemplateKind })}
        />
        {fields.kind === 'TEXT' && <TextInput label={w.subject} size="md" readOnly={!mayChange} value={fields.subject} error={saving.at('subject')} onChange={(e) => set({ subject: e.currentTarget.value })} />}
        <div>
          <b className={css.label} aria-hidden>{w.text}</b>
          <div className={css.text}>
            {mayChange && <Toolbar ref={toolbar} editor={editor} disabled={false} tools={{ link: () => setAsking('link') }} />}
            <EditorContent editor={editor} className={css.page} />
          </div>
        </div>
        {saving.at('html') && <InputError>{saving.at('html')}</InputError>}
        {mayChange && (
          <fieldset className={css.fields}>
            <legend>{w.fields}</legend>
            {Object.entries(w.fieldsOf).map(([field, told]) => (
              <Button key={field} size="compact-md" variant="default" title={told} onClick={() => editor.chain().focus().insertContent({ type: 'text', text: `{{${field}}}` }).run()}>{`{{${field}}}`}</Button>
            ))}
          </fieldset>
        )}
        {template && mayChange && <div><Button variant="outline" color="red" className={css.danger} onClick={() => setAsking('remove')}>{w.remove}</Button></div>}
      </FormDialog>
      {asking === 'link' && (
        <LinkDialog
          first={String(editor.getAttributes('link')['href'] ?? '')} close={() => setAsking(null)}
          set={(href) => {
            setAsking(null);
            setLink(editor, href);
          }}
        />
      )}
      {asking === 'remove' && template && (
        <Confirm
          title={w.removeTitle(template.name)} verb={w.remove} typed={template.name} label={w.typeName(template.name)} close={() => setAsking(null)}
          impact={w.removeImpact(template.office?.name ?? (template.person ? w.mine : w.house))}
          command={async () => (await ask(AdminTemplateRemoveDocument, { id: template.id })).templateRemove.userErrors}
          done={() => {
            old();
            toast({ text: w.removed(template.name) });
            close();
          }}
        />
      )}
    </>
  );
}
