// What a text of ours may hold, and how it is written: inline styles alone, so that
// every mail program shows it alike. What the server cleans away is not offered.

import { Extension, Mark, mergeAttributes, Node, type AnyExtension } from '@tiptap/core';
import { Heading } from '@tiptap/extension-heading';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';
import { TextAlign } from '@tiptap/extension-text-align';
import { BackgroundColor, Color, FontFamily, FontSize, TextStyle } from '@tiptap/extension-text-style';
import { StarterKit } from '@tiptap/starter-kit';

/** Pixels of one step to the right, and how many steps there are. */
const step = 40;
export const mostSteps = 8;

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    indent: { indent: (by: 1 | -1) => ReturnType };
  }
}

/** Paragraphs move to the right by steps; items of lists go a level deeper instead. */
const Indent = Extension.create({
  name: 'indent',
  addGlobalAttributes: () => [{
    types: ['paragraph', 'heading'],
    attributes: {
      indent: {
        default: 0,
        parseHTML: (e: HTMLElement) => Math.min(mostSteps, Math.max(0, Math.round((Number.parseFloat(e.style.marginLeft) || 0) / step))),
        renderHTML: ({ indent }: Record<string, unknown>) => (Number(indent) > 0 ? { style: `margin-left: ${Number(indent) * step}px` } : {}),
      },
    },
  }],
  addCommands: () => ({
    indent: (by) => ({ editor, commands, state, tr, dispatch }) => {
      if (editor.isActive('listItem')) {
        return by > 0 ? commands.sinkListItem('listItem') : commands.liftListItem('listItem');
      }
      let moved = false;
      state.doc.nodesBetween(state.selection.from, state.selection.to, (node, pos) => {
        const now = node.attrs['indent'] as number | undefined;
        if (now !== undefined && now + by >= 0 && now + by <= mostSteps) {
          moved = true;
          tr.setNodeAttribute(pos, 'indent', now + by);
        }
      });
      if (moved) {
        dispatch?.(tr);
      }
      return moved;
    },
  }),
});

/** Whether what is read draws lines around its cells. */
function hasLines(table: HTMLElement): boolean {
  const border = table.getAttribute('border');
  return border !== null && border !== '0'
    || [table, ...table.querySelectorAll<HTMLElement>('td, th')].some((e) => /solid|dashed|dotted|double/.test(e.getAttribute('style') ?? ''));
}

const lined = 'border: 1px solid gray; padding: 4px 8px';
const plain = 'padding: 2px 8px 2px 0px';

const LinedTable = Table.extend({
  addAttributes: () => ({ lined: { default: true, parseHTML: hasLines, renderHTML: () => ({}) } }),
  renderHTML({ node }) {
    const border = node.attrs['lined'] ? '1' : '0';
    return ['table', { border, cellpadding: '4', cellspacing: '0', style: 'border-collapse: collapse; margin: 0px 0px 8px' }, ['tbody', 0]];
  },
});

/** What a cell shows beside its text. */
const cell = {
  lined: {
    default: true,
    parseHTML: (e: HTMLElement) => {
      const table = e.closest('table');
      return table === null || hasLines(table);
    },
    renderHTML: (attributes: Record<string, unknown>) => ({ style: `${attributes['lined'] ? lined : plain}; vertical-align: top` }),
  },
  background: {
    default: null,
    parseHTML: (e: HTMLElement) => e.style.backgroundColor || null,
    renderHTML: ({ background }: Record<string, unknown>) => (background ? { style: `background-color: ${String(background)}` } : {}),
  },
  colwidth: { default: null, parseHTML: () => null, renderHTML: () => ({}) },
};
const LinedCell = TableCell.extend({ addAttributes() { return { ...this.parent?.(), ...cell }; } });
const LinedHeader = TableHeader.extend({ addAttributes() { return { ...this.parent?.(), ...cell }; } });

/** A picture that is attached; `pathOf` tells where the editor shows it from. */
const Picture = Node.create<{ pathOf: (cid: string) => string | undefined }>({
  name: 'picture',
  group: 'inline',
  inline: true,
  draggable: true,
  addOptions: () => ({ pathOf: () => undefined }),
  addAttributes: () => ({
    cid: { default: '', parseHTML: (e: HTMLElement) => (e.getAttribute('data-cid') ?? e.getAttribute('src') ?? '').replace(/^cid:/, '') },
    alt: { default: '' },
    width: { default: null },
  }),
  parseHTML: () => [{ tag: 'img[src^="cid:"]' }, { tag: 'img[data-cid]' }],
  renderHTML({ node }) {
    const { cid, alt, width } = node.attrs as { cid: string; alt: string; width: string | null };
    const path = this.options.pathOf(cid);
    return ['img', { ...(path === undefined ? {} : { src: path }), 'data-cid': cid, alt, ...(width === null ? {} : { width }) }];
  },
});

/** Marks that mails of others bring along, kept though no button sets them. */
const raised = (['sup', 'sub'] as const).map((tag) => Mark.create({
  name: tag, parseHTML: () => [{ tag }], renderHTML: () => [tag, 0],
}));

const space = 'margin: 0px 0px 8px';

export function extensions(pathOf: (cid: string) => string | undefined): AnyExtension[] {
  return [
    StarterKit.configure({
      heading: false,
      trailingNode: false,
      paragraph: { HTMLAttributes: { style: space } },
      bulletList: { HTMLAttributes: { style: space } },
      orderedList: { HTMLAttributes: { style: space } },
      blockquote: { HTMLAttributes: { type: 'cite', style: 'margin: 0px 0px 8px 8px; padding: 0px 0px 0px 8px; border-left: 2px solid gray' } },
      link: {
        openOnClick: false, linkOnPaste: true, autolink: true, defaultProtocol: 'https',
        HTMLAttributes: { target: '_blank', rel: 'noopener noreferrer', class: null },
        isAllowedUri: (url) => isLink(url),
      },
    }),
    Heading.configure({ levels: [1, 2, 3, 4, 5, 6] }),
    TextStyle.extend({ // nothing is left of a style that says nothing
      renderHTML({ HTMLAttributes }) {
        return ['span', mergeAttributes(HTMLAttributes), 0];
      },
    }),
    Color, BackgroundColor, FontFamily, FontSize,
    TextAlign.configure({ types: ['paragraph', 'heading'] }),
    Indent, ...raised,
    LinedTable, TableRow, LinedCell, LinedHeader,
    Picture.configure({ pathOf }),
  ];
}

/** Whether a mail may lead there. */
export function isLink(url: string): boolean {
  return /^(https?:\/\/|mailto:)[^\s\\]+$/i.test(url);
}
