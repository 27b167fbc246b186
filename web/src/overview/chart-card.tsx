import { Anchor, Button } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import { Icon } from '../shell/icon';
import { useWords } from '../words/words';
import css from './charts.module.css';
import { words } from './words';

/** A chart with its twin, a table, and its figures for a spreadsheet. */
export function ChartCard({ title, told, csv, chart, table }: {
  title: string;
  told?: string;
  /** Where the figures are to be had for a spreadsheet. */
  csv: string;
  chart: ReactNode;
  table: ReactNode;
}) {
  const w = useWords(words);
  const id = useId();
  const [isTable, setIsTable] = useState(false);
  return (
    <section className={css.card} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {told && <p>{told}</p>}
        <div className={css.tools}>
          <Button size="compact-sm" variant="default" leftSection={<Icon name={isTable ? 'chart' : 'list'} size={16} />} aria-describedby={id} onClick={() => setIsTable(!isTable)}>{isTable ? w.asChart : w.asTable}</Button>
          <Anchor href={csv} download aria-label={w.csvOf(title)}><Icon name="download" size={16} /> CSV</Anchor>
        </div>
      </header>
      {isTable ? table : chart}
    </section>
  );
}
