// Templates and signatures: of the house, of offices, and one's own.

import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useMemo, useState } from 'react';
import { ask } from '../../api/ask';
import { AdminTemplatesDocument, type AdminTemplateFragment } from '../../generated/graphql';
import { useAddress } from '../../shell/address';
import { useCommands } from '../../shell/commands';
import { useHouse, useRoles } from '../../shell/house';
import { Icon } from '../../shell/icon';
import { lazy } from '../../shell/lazily';
import { matches } from '../../shell/match';
import { Nothing, Waiting } from '../../shell/states';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { Finder, Unanswered } from '../parts';
import { Table } from '../table';
import { words as common } from '../words';
import { words } from './words';

const TemplateForm = lazy(() => import('./form'));

export type Template = AdminTemplateFragment;

/** Whether a template is the viewer's to change. */
function useKeeps(): (template: Template) => boolean {
  const { viewer } = useHouse();
  const roles = useRoles();
  return (t) => (t.person ? t.person.id === viewer.user.id : t.office ? roles.heads.some((o) => o.id === t.office!.id) : roles.administrator);
}

export function Templates() {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const keeps = useKeeps();
  const { data, error, refetch } = useQuery({ queryKey: ['templates', 'all'], queryFn: async ({ signal }) => (await ask(AdminTemplatesDocument, {}, signal)).templates });
  const [search, change] = useAddress<{ text?: string; owner?: string }>((said) => ({ text: said['text'], owner: said['owner'] }));
  const [open, setOpen] = useState<string | 'new' | null>(null);
  useCommands(useMemo(() => [{ id: 'template add', title: w.add, group: t.groups.list, keys: 'n', run: () => setOpen('new') }], [w, t]));
  if (!data) {
    return error ? <Unanswered again={() => void refetch()} /> : <Waiting />;
  }
  const owner = (x: Template): string => x.office?.name ?? (x.person ? w.mine : w.house);
  const owners = [...new Set(data.map(owner))].toSorted((a, b) => a.localeCompare(b, 'it'));
  const shown = data.filter((x) => matches(search.text ?? '', `${x.name} ${x.subject}`) && (!search.owner || owner(x) === search.owner));
  return (
    <>
      <p className={shared.said}>{w.said}</p>
      <div className={shared.bar}>
        <Finder label={w.search} text={search.text ?? ''} find={(text) => change({ text }, { replace: true })} />
        <NativeSelect
          size="md" aria-label={w.owner} value={search.owner ?? ''} data={[{ value: '', label: w.anyOwner }, ...owners]}
          onChange={(e) => change({ owner: e.currentTarget.value || undefined }, { replace: true })}
        />
        <Button size="md" leftSection={<Icon name="plus" />} onClick={() => setOpen('new')}>{w.add}</Button>
      </div>
      {shown.length === 0
        ? <Nothing>{data.length === 0 ? w.none : t.nothingFound}</Nothing>
        : (
          <Table
            label={c.sections.templates}
            rows={shown}
            keyOf={(x) => x.id}
            columns={[
              { title: w.name, cell: (x) => <b>{x.name}</b> },
              { title: w.kind, cell: (x) => w.kinds[x.kind] },
              { title: w.owner, cell: owner },
              { title: w.subject, cell: (x) => x.subject || c.none },
              { title: w.changedAt, cell: (x) => dates.moment(x.changedAt) },
              { title: c.edit, isVerb: true, cell: (x) => <Button size="compact-md" variant="default" aria-label={`${keeps(x) ? c.edit : w.look}: ${x.name}`} onClick={() => setOpen(x.id)}>{keeps(x) ? c.edit : w.look}</Button> },
            ]}
          />
        )}
      <Suspense>{open !== null && <OneOrNew template={data.find((x) => x.id === open)} isNew={open === 'new'} keeps={keeps} close={() => setOpen(null)} />}</Suspense>
    </>
  );
}

function OneOrNew({ template, isNew, keeps, close }: { template: Template | undefined; isNew: boolean; keeps(t: Template): boolean; close(): void }) {
  return template || isNew ? <TemplateForm template={template} mayChange={!template || keeps(template)} close={close} /> : null;
}
