import { SegmentedControl } from '@mantine/core';
import '@mantine/core/styles/SegmentedControl.css';
import '@mantine/core/styles/FloatingIndicator.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useCommands } from '../shell/commands';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import { decoded, tableIn } from './csv';
import type { ViewProps } from './kinds';
import { usePrint } from './print-sheet';
import css from './viewer.module.css';
import { words } from './words';
import { Tool } from './zoom';

/** A text, and one of values as a table too. */
export default function Text({ file, content: { bytes, charset, cut } }: ViewProps) {
  const w = useWords(words);
  const { t, dates } = useSpeech();
  const print = usePrint();
  const box = useRef<HTMLDivElement>(null);
  const text = useMemo(() => decoded(bytes, charset), [bytes, charset]);
  const table = useMemo(() => tableIn(file, text), [file, text]);
  const [how, setHow] = useState<'table' | 'text'>('table');
  useEffect(() => box.current?.focus(), []); // so that keys scroll it
  const commands = useMemo<Command[]>(() => [{ id: 'attachment-print', title: w.print, group: w.group, run: () => print(<pre>{text}</pre>) }], [w, print, text]);
  useCommands(commands, t.groups.everywhere);
  return (
    <>
      <div className={css.bar} role="group" aria-label={w.toolbar}>
        {table && (
          <SegmentedControl
            value={how} onChange={(v) => setHow(v === 'text' ? 'text' : 'table')} withItemsBorders={false}
            data={[{ value: 'table', label: w.table }, { value: 'text', label: w.text }]}
          />
        )}
        {table && <span>{w.rows(table.length - 1)}</span>}
        <Tool command={commands[0]!} icon="print" />
      </div>
      {cut && <p className={css.progress} role="status">{w.cut(dates.bytes(bytes.length))}</p>}
      <div className={css.area}>
        <div ref={box} className={css.scrolls} tabIndex={0} role="group" aria-label={file.name}>
          {table && how === 'table' ? <Table rows={table} /> : <pre className={css.text}>{text}</pre>}
        </div>
      </div>
    </>
  );
}

export function Table({ rows: [head, ...rows] }: { rows: readonly string[][] }) {
  return (
    <table className={css.table}>
      <thead><tr>{head!.map((v, i) => <th key={i} scope="col">{v}</th>)}</tr></thead>
      <tbody>{rows.map((r, i) => <tr key={i}>{r.map((v, j) => <td key={j} data-number={/^-?[\d.,]+$/.test(v) || undefined}>{v}</td>)}</tr>)}</tbody>
    </table>
  );
}
