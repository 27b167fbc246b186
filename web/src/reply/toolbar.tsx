// The tools for the look of a text: always there, one stop for the tab key, arrows
// inside (the toolbar of the WAI-ARIA practices).

import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import { useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { Icon, type IconName } from '../shell/icon';
import { useWords } from '../words/words';
import { Pop } from './pop';
import css from './toolbar.module.css';
import { words } from './words';

const fonts = ['Arial', 'Calibri', 'Cambria', 'Courier New', 'Georgia', 'Tahoma', 'Times New Roman', 'Verdana'];
const sizes = ['8pt', '9pt', '10pt', '11pt', '12pt', '14pt', '16pt', '18pt', '24pt', '36pt'];
// Readable on white, and on each of the highlights.
const colors = { black: '#000000', gray: '#595959', red: '#b00020', orange: '#9a4a00', green: '#00602b', blue: '#0b4fa8', purple: '#6a1b9a', brown: '#5d4037' } as const;
const highlights = { yellow: '#fff59d', green: '#c8e6c9', cyan: '#b3e5fc', pink: '#f8bbd0', gray: '#e0e0e0' } as const;
const aligns = { left: 'alignLeft', center: 'alignCenter', right: 'alignRight', justify: 'alignJustify' } as const satisfies Record<string, IconName>;

function alignOf(editor: Editor): keyof typeof aligns {
  return (['center', 'right', 'justify'] as const).find((a) => editor.isActive({ textAlign: a })) ?? 'left';
}

/** What the toolbar asks of who holds it; what is left out is not offered. */
export interface Tools {
  link(): void;
  picture?(): void;
  template?(): void;
  signature?(): void;
}

export function Toolbar({ editor, tools, ref, disabled }: { editor: Editor; tools: Tools; ref: Ref<HTMLDivElement>; disabled: boolean }) {
  const w = useWords(words);
  const [current, setCurrent] = useState('font');
  const box = useRef<HTMLDivElement>(null);
  const now = useEditorState({
    editor,
    selector: ({ editor: e }) => {
      const style = e.getAttributes('textStyle') as { fontFamily?: string; fontSize?: string; color?: string; backgroundColor?: string };
      return {
        font: style.fontFamily?.split(',')[0]?.replace(/["']/g, ''), size: style.fontSize, color: style.color, highlight: style.backgroundColor,
        bold: e.isActive('bold'), italic: e.isActive('italic'), underline: e.isActive('underline'), strike: e.isActive('strike'),
        bullets: e.isActive('bulletList'), numbers: e.isActive('orderedList'), quote: e.isActive('blockquote'), link: e.isActive('link'), table: e.isActive('table'),
        align: alignOf(e),
        undo: e.can().undo(), redo: e.can().redo(),
      };
    },
  });
  const chain = () => editor.chain().focus();
  /** Changes paragraphs; a look that was chosen for what is typed next stays chosen. */
  const shape = (run: () => boolean): void => {
    const { storedMarks } = editor.state;
    run();
    if (storedMarks) {
      editor.view.dispatch(editor.state.tr.setStoredMarks(storedMarks));
    }
  };
  const tool = (id: string) => ({ tabIndex: id === current ? 0 : -1, onFocus: () => setCurrent(id) });
  const button = (id: string, icon: IconName, label: string, run: () => void, how: { pressed?: boolean; possible?: boolean; key?: string } = {}) => (
    <button
      key={id} type="button" data-tool={id} className={css.tool} aria-label={label} title={how.key ? `${label} (${how.key})` : label}
      aria-pressed={how.pressed} aria-disabled={how.possible === false || undefined} {...tool(id)}
      onMouseDown={(e) => e.preventDefault()} // the text keeps its selection, and the focus
      onClick={() => how.possible !== false && run()}
    >
      <Icon name={icon} />
    </button>
  );
  const move = (event: KeyboardEvent): void => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[data-tool]') ?? [])];
    const at = all.findIndex((e) => e.dataset['tool'] === current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      editor.commands.focus();
    }
  };
  const inTable = (id: string): boolean => id === 'insert' || now.table;
  const tableRuns: Record<keyof typeof w.tableActions, () => boolean> = {
    insert: () => chain().insertTable({ rows: 3, cols: 3, withHeaderRow: false }).run(),
    rowAbove: () => chain().addRowBefore().run(), rowBelow: () => chain().addRowAfter().run(),
    columnLeft: () => chain().addColumnBefore().run(), columnRight: () => chain().addColumnAfter().run(),
    removeRow: () => chain().deleteRow().run(), removeColumn: () => chain().deleteColumn().run(),
    merge: () => chain().mergeOrSplit().run(), remove: () => chain().deleteTable().run(),
  };
  return (
    <div
      ref={(element) => {
        box.current = element;
        if (typeof ref === 'function') {
          ref(element);
        } else if (ref) {
          ref.current = element;
        }
      }}
      role="toolbar" aria-label={w.toolbar} aria-orientation="horizontal" className={css.toolbar} onKeyDown={move} inert={disabled}
    >
      <Pop
        id="font" label={w.font} text={now.font ?? w.usual} tool={tool('font')}
        choices={[{ id: '', title: w.usual, checked: !now.font }, ...fonts.map((f) => ({ id: f, title: f, looks: { fontFamily: f }, checked: now.font === f }))]}
        choose={(f) => (f === '' ? chain().unsetFontFamily().run() : chain().setFontFamily(`${f}, ${/Times|Georgia|Cambria/.test(f) ? 'serif' : f === 'Courier New' ? 'monospace' : 'sans-serif'}`).run())}
      />
      <Pop
        id="size" label={w.size} text={now.size?.replace('pt', '') ?? '11'} tool={tool('size')}
        choices={sizes.map((s) => ({ id: s, title: s.replace('pt', ''), checked: (now.size ?? '11pt') === s }))}
        choose={(s) => (s === '11pt' ? chain().unsetFontSize().run() : chain().setFontSize(s).run())}
      />
      <span className={css.between} aria-hidden />
      {button('bold', 'bold', w.bold, () => chain().toggleBold().run(), { pressed: now.bold, key: 'Ctrl+B' })}
      {button('italic', 'italic', w.italic, () => chain().toggleItalic().run(), { pressed: now.italic, key: 'Ctrl+I' })}
      {button('underline', 'underline', w.underline, () => chain().toggleUnderline().run(), { pressed: now.underline, key: 'Ctrl+U' })}
      {button('strike', 'strike', w.strike, () => chain().toggleStrike().run(), { pressed: now.strike })}
      <Pop
        id="color" label={w.color} icon="textColor" tool={tool('color')} grid
        choices={(Object.keys(colors) as (keyof typeof colors)[]).map((c) => ({ id: c, title: w.colors[c], patch: colors[c], checked: (now.color ?? colors.black) === colors[c] }))}
        choose={(c) => (c === 'black' ? chain().unsetColor().run() : chain().setColor(colors[c as keyof typeof colors]).run())}
      />
      <Pop
        id="highlight" label={w.highlight} icon="highlighter" tool={tool('highlight')} grid
        choices={[{ id: '', title: w.noColor, patch: '#ffffff', checked: !now.highlight },
          ...(Object.keys(highlights) as (keyof typeof highlights)[]).map((h) => ({ id: h, title: w.highlights[h], patch: highlights[h], checked: now.highlight === highlights[h] }))]}
        choose={(h) => (h === '' ? chain().unsetBackgroundColor().run() : chain().setBackgroundColor(highlights[h as keyof typeof highlights]).run())}
      />
      <span className={css.between} aria-hidden />
      {button('bullets', 'list', w.bullets, () => shape(() => chain().updateAttributes('paragraph', { indent: 0 }).toggleBulletList().run()), { pressed: now.bullets })}
      {button('numbers', 'numbers', w.numbers, () => shape(() => chain().updateAttributes('paragraph', { indent: 0 }).toggleOrderedList().run()), { pressed: now.numbers })}
      {button('outdent', 'outdent', w.outdent, () => shape(() => chain().indent(-1).run()))}
      {button('indent', 'indent', w.indent, () => shape(() => chain().indent(1).run()))}
      <Pop
        id="align" label={w.align} icon={aligns[now.align]} tool={tool('align')}
        choices={(Object.keys(aligns) as (keyof typeof aligns)[]).map((a) => ({ id: a, title: w.aligns[a], checked: now.align === a }))}
        choose={(a) => shape(() => chain().setTextAlign(a).run())}
      />
      <span className={css.between} aria-hidden />
      {button('link', 'link', w.link, tools.link, { pressed: now.link, key: 'Ctrl+K' })}
      {tools.picture && button('picture', 'picture', w.picture, tools.picture)}
      <Pop
        id="table" label={w.table} icon="table" tool={tool('table')}
        choices={(Object.keys(w.tableActions) as (keyof typeof w.tableActions)[]).map((a) => ({ id: a, title: w.tableActions[a], possible: inTable(a) }))}
        choose={(a) => tableRuns[a as keyof typeof tableRuns]()}
      />
      {button('quote', 'quote', w.quote, () => shape(() => chain().toggleBlockquote().run()), { pressed: now.quote })}
      {button('clear', 'eraser', w.clear, () => chain().unsetAllMarks().unsetTextAlign().run())}
      <span className={css.between} aria-hidden />
      {button('undo', 'undo', w.undo, () => chain().undo().run(), { possible: now.undo, key: 'Ctrl+Z' })}
      {button('redo', 'redo', w.redo, () => chain().redo().run(), { possible: now.redo, key: 'Ctrl+Y' })}
      {(tools.template || tools.signature) && <span className={css.between} aria-hidden />}
      {tools.template && button('template', 'template', w.template, tools.template)}
      {tools.signature && button('signature', 'pen', w.signature, tools.signature)}
    </div>
  );
}
