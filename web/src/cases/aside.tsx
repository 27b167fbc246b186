// What stands beside the PECs of a case: deadlines, what the desk asked, notes, history.

import { Button, Textarea } from '@mantine/core';
import { useRef, useState, type ReactNode } from 'react';
import { useCasework } from '../casework/casework';
import { useKept } from '../casework/kept';
import type { Refusal } from '../casework/refusal';
import { History } from '../history/history';
import { words as historyWords } from '../history/words';
import type { Row } from '../live/rows';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import css from './aside.module.css';
import type { Folder, Inquiry, Term } from './folder';
import { amountInWords, gathered, inOrder } from './terms';
import { words } from './words';

export const noteField = 'case-note';
/** The same text as the dialog's that asks for a note. */
const noteKey = (caseId: string): string => `NOTE ${caseId}`;

export function Aside({ row, folder, mayNote, mayAnswer }: { row: Row; folder: Folder | null | undefined; mayNote: boolean; mayAnswer: boolean }) {
  const w = useWords(words);
  return (
    <>
      {folder && folder.inquiries.nodes.length > 0 && (
        <Section title={w.inquiries.title}>
          {folder.inquiries.nodes.map((i) => <InquiryShown key={i.id} inquiry={i} caseId={row.id} mayAnswer={mayAnswer} />)}
        </Section>
      )}
      {row.readable
        ? <Section title={w.notes.title}><Notes row={row} folder={folder} mayNote={mayNote} /></Section>
        : <UnsavedNote id={row.id} />}
      <Section title={w.terms.title}>
        {folder?.terms.length === 0 && <p className={css.quiet}>{w.terms.none}</p>}
        {folder && inOrder(folder.terms).map((term) => <TermShown key={term.id} term={term} />)}
      </Section>
      {row.readable && <HistorySection id={row.id} />}
    </>
  );
}

/** Stands beside what a case says; in its place for who does not read that. */
export function HistorySection({ id }: { id: string }) {
  return (
    <Section title={useWords(historyWords).title}>
      <History id={id} />
    </Section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.section} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function TermShown({ term }: { term: Term }) {
  const { dates } = useSpeech();
  const w = useWords(words).terms;
  const day = (date: string): string => dates.day(`${date}T12:00:00Z`);
  const state = term.metAt ? (term.breachedAt ? w.metLate(dates.moment(term.metAt)) : w.met(dates.moment(term.metAt)))
    : term.suspended ? w.suspended
      : term.breachedAt ? w.breached(dates.moment(term.breachedAt))
        : term.dueAt ? w.due(dates.moment(term.dueAt)) : '';
  const icon = term.breachedAt ? 'warning' : term.metAt ? 'check' : 'clock';
  return (
    <div className={css.term} data-bad={term.breachedAt !== null || undefined}>
      <p className={css.line}><strong>{w.kinds[term.kind]}</strong> <span className={css.state}><Icon name={icon} size={16} /> {state}</span></p>
      <p className={css.quiet}>{w.from(amountInWords(term.amount, w.units), dates.moment(term.startedAt), w.policies[term.policy] ?? term.policy)}</p>
      <details>
        <summary>{w.how}</summary>
        <ol className={css.reckoning}>
          {gathered(term.reckoning).map((line) => {
            const text = 'text' in line ? line.text : w.counted(day(line.from), day(line.to), line.days);
            return <li key={text} data-counted={'days' in line || undefined}>{text}</li>;
          })}
        </ol>
      </details>
    </div>
  );
}

function Notes({ row, folder, mayNote }: { row: Row; folder: Folder | null | undefined; mayNote: boolean }) {
  const { dates } = useSpeech();
  const { viewer } = useHouse();
  const w = useWords(words).notes;
  const notes = folder?.notes.nodes ?? [];
  return (
    <>
      {folder?.notes.pageInfo.hasPreviousPage && <p className={css.quiet}>{w.earlier}</p>}
      {folder && notes.length === 0 && <p className={css.quiet}>{w.none}</p>}
      <ul className={css.notes}>
        {notes.map((n) => (
          <li key={n.id}>
            <p className={css.quiet}><strong>{n.author.id === viewer.user.id ? `${n.author.name} (${w.you})` : n.author.name}</strong> · <time dateTime={n.writtenAt} title={dates.exact(n.writtenAt)}>{dates.moment(n.writtenAt)}</time></p>
            <p className={css.text}>{n.text}</p>
          </li>
        ))}
      </ul>
      {mayNote ? <Composer row={row} /> : <UnsavedNote id={row.id} />}
    </>
  );
}

/** A note that was being written when the case went out of sight: it is not lost. */
export function UnsavedNote({ id }: { id: string }) {
  const w = useWords(words).notes;
  const [text, , forget] = useKept(noteKey(id));
  return text.trim() === '' ? null : (
    <div className={css.unsaved}>
      <Textarea label={w.unsaved} readOnly autosize minRows={2} maxRows={12} value={text} />
      <p className={css.save}><Button size="compact-md" variant="default" onClick={forget}>{w.discard}</Button></p>
    </div>
  );
}

/** Where a note is written: what stands in it outlives everything but being saved. */
function Composer({ row }: { row: Row }) {
  const w = useWords(words).notes;
  const { give } = useCasework();
  const [text, setText, forget] = useKept(noteKey(row.id));
  const [saving, setSaving] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const save = async (): Promise<void> => {
    const written = text.trim();
    if (written === '' || saving !== null) {
      return;
    }
    setSaving(written);
    const refused = await give({ does: 'NOTE', text: written }, [row]);
    setSaving(null);
    setRefusal(refused);
    if (!refused) {
      forget();
      field.current?.focus();
    }
  };
  return (
    <form className={css.composer} onSubmit={(e) => {
      e.preventDefault();
      void save();
    }}>
      {saving !== null && <p className={css.quiet} role="status">{w.sending}</p>}
      <Textarea
        ref={field} id={noteField} label={w.label} description={w.hint} autosize minRows={2} maxRows={12} maxLength={4000} readOnly={saving !== null}
        value={text} error={refusal?.text} onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && e.ctrlKey) {
            e.preventDefault();
            void save();
          }
        }}
      />
      {text.trim() !== '' && <p className={css.save}><small>{w.keys}</small> <Button type="submit" size="compact-md" loading={saving !== null}>{w.save}</Button></p>}
    </form>
  );
}

function InquiryShown({ inquiry: i, caseId, mayAnswer }: { inquiry: Inquiry; caseId: string; mayAnswer: boolean }) {
  const { dates } = useSpeech();
  const w = useWords(words).inquiries;
  const { begin } = useCasework();
  return (
    <div className={css.inquiry} data-open={i.answeredAt === null || undefined}>
      <p><strong>{w.kinds[i.kind]}</strong> <span className={css.quiet}>{w.asked(i.askedBy.name, i.office.name, dates.moment(i.askedAt))}</span></p>
      <p className={css.text}>{i.text}</p>
      {i.answeredAt && i.answeredBy ? (
        <div className={css.answer}>
          <p className={css.quiet}>{w.answered(i.answeredBy.name, dates.moment(i.answeredAt))}</p>
          <p className={css.text}>{i.answer}</p>
        </div>
      ) : (
        <p className={css.save}>
          <span className={css.state}><Icon name="clock" size={16} /> {w.waiting}</span>
          {mayAnswer && <Button size="compact-md" onClick={() => begin('ANSWER', [caseId], { inquiry: i.id })}>{w.answer}</Button>}
        </p>
      )}
    </div>
  );
}
