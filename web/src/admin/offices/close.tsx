// An office is closed, or merged into another one: what that concerns, where its open
// cases go, and, once it is said by name, how far they are.

import { Button, Checkbox, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/ask';
import { OfficeCloseDocument, OfficeImpactDocument, type OfficeImpactQuery } from '../../generated/graphql';
import { useToast } from '../../shell/toasts';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { FormDialog } from '../form-dialog';
import { State } from '../parts';
import { useSaving } from '../saving';
import type { Office } from './offices';
import css from './offices.module.css';
import { treeOf } from './tree';
import { words, type OfficeWords } from './words';

type Impact = NonNullable<OfficeImpactQuery['officeImpact']>;

/** How often it is asked how far the cases are. */
const again = 1000;

export default function CloseOffice({ office, all, close }: { office: Office; all: readonly Office[]; close(): void }) {
  const [moving, setMoving] = useState<{ total: number; to: string } | null>(null);
  return moving
    ? <Moving office={office} total={moving.total} to={moving.to} close={close} />
    : <Asking office={office} all={all} close={close} closed={(total, to) => setMoving({ total, to })} />;
}

/** What the office has, as it would be with its work going to another one. */
function useImpact(officeId: string, moveToId: string | null, refetchInterval: number | false) {
  return useQuery({
    queryKey: ['offices', 'impact', officeId, moveToId],
    queryFn: async ({ signal }) => (await ask(OfficeImpactDocument, { officeId, moveToId }, signal)).officeImpact,
    staleTime: 0,
    refetchInterval,
    placeholderData: (before) => before, // while it is asked where else the cases could go
  });
}

function openOf({ counts }: Impact): number {
  return counts.toAssign + counts.inProgress + counts.answering;
}

/** Says what it hits, asks where the work goes, and wants the name typed. */
function Asking({ office, all, close, closed }: { office: Office; all: readonly Office[]; close(): void; closed(total: number, to: string): void }) {
  const w = useWords(words);
  const toast = useToast();
  const answers = useQueryClient();
  const saving = useSaving();
  const [moveTo, setMoveTo] = useState('');
  const [takePeople, setTakePeople] = useState(false);
  const [text, setText] = useState('');
  const heir = all.find((o) => o.id === moveTo);
  const { data: impact, isPlaceholderData } = useImpact(office.id, heir?.id ?? null, false);
  const isNamed = text.trim().toLowerCase() === office.name.trim().toLowerCase();
  const submit = async (): Promise<void> => {
    if (!impact) {
      return;
    }
    const input = { code: office.code, moveTo: heir?.code ?? null, takePeople: takePeople && heir !== undefined, mark: impact.mark };
    const done = await saving.save(async () => (await ask(OfficeCloseDocument, { input })).officeClose.userErrors);
    void answers.invalidateQueries({ queryKey: ['offices'] });
    if (!done) {
      return;
    }
    void answers.invalidateQueries({ queryKey: ['people'] });
    if (openOf(impact) === 0) {
      toast({ text: w.closed(office.name) });
      close();
    } else {
      closed(openOf(impact), heir?.name ?? '');
    }
  };
  return (
    <FormDialog
      title={w.closeTitle(office.name)} verb={heir ? w.merge : w.close} isDangerous saving={saving} submit={() => void submit()} close={close}
      possible={impact !== undefined && impact !== null && !isPlaceholderData && impact.obstacles.length === 0 && isNamed}
    >
      <NativeSelect
        label={w.moveTo} size="md" data-autofocus value={moveTo} onChange={(e) => setMoveTo(e.currentTarget.value)}
        data={[{ value: '', label: w.toDesk }, ...treeOf(all.filter((o) => o.id !== office.id && !o.closedAt)).map((p) => ({ value: p.office.id, label: `${'\u2003'.repeat(p.depth)}${p.office.name}` }))]}
      />
      {heir && <Checkbox size="md" label={w.takePeople(heir.name)} description={w.takePeopleTold} checked={takePeople} onChange={(e) => setTakePeople(e.currentTarget.checked)} />}
      {impact && (
        <section aria-label={w.impact}>
          <b>{w.impact}</b>
          <ul className={css.impact}>{told(impact, heir?.name ?? null, takePeople, w).map((line) => <li key={line}>{line}</li>)}</ul>
        </section>
      )}
      <div role="alert">{impact?.obstacles.map((o) => <State key={o.message} tone="bad">{o.message}</State>)}</div>
      <p className={shared.impact}>{w.wayBack}</p>
      <TextInput label={w.typeName(office.name)} size="md" autoComplete="off" value={text} onChange={(e) => setText(e.currentTarget.value)} />
    </FormDialog>
  );
}

/** What becomes of all that the office has, in words. */
function told(impact: Impact, heir: string | null, takePeople: boolean, w: OfficeWords): string[] {
  const { counts, people, deputies, rules, templates, terms, closures, below } = impact;
  const of = (n: number, line: (n: number) => string): string[] => (n > 0 ? [line(n)] : []);
  return [
    w.openCases(openOf(impact), counts, heir),
    ...of(people, (n) => w.peopleLeave(n, deputies, takePeople ? heir : null)),
    ...of(rules, (n) => w.rulesGo(n, heir)),
    ...of(below, w.belowHang),
    ...of(counts.closed, (n) => w.closedStay(n, heir)),
    ...of(templates + terms + closures, () => w.settingsStay),
  ];
}

/** How far the open cases are, which leave one by one, also when this is closed. */
function Moving({ office, total, to, close }: { office: Office; total: number; to: string; close(): void }) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const [left, setLeft] = useState(total);
  const { data: impact } = useImpact(office.id, null, left > 0 && again);
  const now = impact ? openOf(impact) : total;
  if (now !== left) {
    setLeft(now);
  }
  const most = Math.max(total, left);
  return (
    <Modal opened onClose={close} title={w.closeTitle(office.name)} size="lg" closeOnClickOutside={false} closeButtonProps={{ 'aria-label': t.close }}>
      <div className={shared.form}>
        <p role="status">{left > 0 ? w.moving(dates.number(most - left), dates.number(most)) : w.moved(dates.number(most), to)}</p>
        <progress className={css.progress} aria-label={w.movingLabel} max={most} value={most - left} />
        {left > 0 && <p className={shared.impact}>{w.movingTold}</p>}
        <div className={shared.buttons}><Button size="md" data-autofocus onClick={close}>{t.close}</Button></div>
      </div>
    </Modal>
  );
}
