// The editor of the text: what is typed, pasted and dropped into it.

import { Extension, type Editor } from '@tiptap/core';
import { Slice, type Node } from '@tiptap/pm/model';
import { useEditor } from '@tiptap/react';
import { useEffect, useRef } from 'react';
import { htmlOf, textOf } from './html';
import { cleaned, newContentId } from './paste';
import { extensions } from './schema';

/** What the editor tells and asks. */
export interface Around {
  label: string;
  /** Something was typed. */
  changed(): void;
  /** Where a picture of the draft is shown from. */
  pathOf(cid: string): string | undefined;
  /** Takes pictures that the text shows under these content ids. */
  takePictures(pictures: readonly { cid: string; file: File }[]): void;
  /** Takes files that are not shown in the text. */
  takeFiles(files: readonly File[]): void;
  /** So many pictures could not be pasted. */
  left(pictures: number): void;
  link(): void;
  send(): void;
}

export function isPicture(file: Blob): boolean {
  return /^image\/(png|jpeg|gif|webp)$/.test(file.type);
}

/** The editor, with what `html` says in it at first. */
export function useText(html: string, around: Around): Editor {
  const current = useRef(around);
  current.current = around;
  const editor = useEditor({
    extensions: [...extensions((cid) => current.current.pathOf(cid)), keys(current)],
    content: { type: 'doc', content: [{ type: 'paragraph' }] }, // texts are read by `load`: the editor's own reader is refused by the page's policy
    injectCSS: false, // the policy of the page allows no styles made by scripts
    enableInputRules: ['bulletList', 'orderedList'],
    immediatelyRender: true,
    shouldRerenderOnTransaction: false,
    editorProps: {
      attributes: () => ({ role: 'textbox', 'aria-multiline': 'true', 'aria-label': current.current.label, lang: 'it', spellcheck: 'true' }),
      transformPastedHTML: (pasted) => {
        const { html: clean, pictures, left } = cleaned(pasted, (cid) => current.current.pathOf(cid) !== undefined);
        if (left > 0) {
          current.current.left(left);
        }
        if (pictures.length > 0) {
          current.current.takePictures(pictures.map(({ cid, picture }) => ({ cid, file: new File([picture], fileNameOf(picture.type), { type: picture.type }) })));
        }
        return clean;
      },
      handlePaste: (view, event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        const said = event.clipboardData?.getData('text/html') ?? '';
        if (files.length === 0 || /<(p|td|li|span|div)\b/i.test(said)) { // Word puts a picture of its text beside it
          return false;
        }
        take(current.current, files, (nodes) => view.dispatch(view.state.tr.replaceSelection(new Slice(view.state.schema.topNodeType.createAndFill(null, view.state.schema.nodes['paragraph']!.create(null, nodes))!.content, 1, 1))), view.state.schema);
        return true;
      },
      handleDrop: (view, event, _slice, moved) => {
        const files = [...((event as DragEvent).dataTransfer?.files ?? [])];
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (moved || files.length === 0 || !files.every(isPicture) || !at) {
          return false; // what is no picture is attached, by the composer around
        }
        event.preventDefault();
        take(current.current, files, (nodes) => view.dispatch(view.state.tr.insert(at.pos, nodes)), view.state.schema);
        return true;
      },
    },
    onUpdate: () => current.current.changed(),
  });
  const first = useRef(html);
  useEffect(() => {
    if (!editor.isDestroyed) { // one that was made in a drawing that was given up is followed by another
      load(editor, first.current, false);
    }
  }, [editor]);
  return editor;
}

/** Shows pictures in the text and attaches the other files. */
function take(around: Around, files: readonly File[], put: (nodes: Node[]) => void, schema: Node['type']['schema']): void {
  const pictures = files.filter(isPicture).map((file) => ({ cid: newContentId(), file }));
  const others = files.filter((f) => !isPicture(f));
  if (pictures.length > 0) {
    around.takePictures(pictures);
    put(pictures.map(({ cid, file }) => schema.nodes['picture']!.create({ cid, alt: file.name })));
  }
  if (others.length > 0) {
    around.takeFiles(others);
  }
}

function fileNameOf(type: string): string {
  return `immagine.${type.replace('image/', '').replace('jpeg', 'jpg')}`;
}

/** Puts pictures where the cursor is. */
export function insertPictures(editor: Editor, around: Around, files: readonly File[]): void {
  take(around, files.filter(isPicture), (nodes) => editor.chain().focus().insertContent(nodes.map((n) => n.toJSON() as object)).run(), editor.schema);
}

/** Puts a piece of HTML where the cursor is. */
export function insertHtml(editor: Editor, html: string): void {
  const nodes = textOf(html, editor.schema).content;
  const all = nodes.lastChild?.childCount === 0 && nodes.childCount > 1 ? nodes.cut(0, nodes.size - nodes.lastChild.nodeSize) : nodes;
  editor.chain().focus().insertContent(all.toJSON() as object[]).run();
}

/** Makes the whole text another one; `undoable` says whether Ctrl+Z brings this one back. */
export function load(editor: Editor, html: string, undoable: boolean): void {
  const text = textOf(html, editor.schema);
  const { tr, doc } = editor.state;
  if (text.eq(doc)) {
    return; // the cursor stays where it is
  }
  editor.view.dispatch(tr.replaceWith(0, doc.content.size, text.content).setMeta('preventUpdate', true).setMeta('addToHistory', undoable));
}

/** Adds a piece of HTML under the whole text. */
export function append(editor: Editor, html: string): void {
  editor.commands.insertContentAt(editor.state.doc.content.size, [{ type: 'horizontalRule' }, ...(textOf(html, editor.schema).content.toJSON() as object[])]);
}

export function read(editor: Editor): string {
  return htmlOf(editor.state.doc);
}

/** The content ids of the pictures that the text shows. */
export function picturesIn(editor: Editor): Set<string> {
  const all = new Set<string>();
  editor.state.doc.descendants((node) => {
    if (node.type.name === 'picture') {
      all.add(String(node.attrs['cid']));
    }
  });
  return all;
}

/** Takes a picture out of the text. */
export function removePicture(editor: Editor, cid: string): void {
  const { tr } = editor.state;
  editor.state.doc.descendants((node, pos) => {
    if (node.type.name === 'picture' && node.attrs['cid'] === cid) {
      tr.delete(tr.mapping.map(pos), tr.mapping.map(pos + node.nodeSize));
    }
  });
  editor.view.dispatch(tr);
}

/** Makes what is selected a link, or no longer one; where nothing is selected, writes it. */
export function setLink(editor: Editor, href: string | null): void {
  const chain = editor.chain().focus().extendMarkRange('link');
  if (href === null) {
    chain.unsetLink().run();
  } else if (editor.state.selection.empty && !editor.isActive('link')) {
    chain.insertContent({ type: 'text', text: href.replace(/^mailto:/, ''), marks: [{ type: 'link', attrs: { href } }] }).run();
  } else {
    chain.setLink({ href }).run();
  }
}

/** Keys that mean something else here than the parts of the editor think. */
function keys(around: { current: Around }): Extension {
  return Extension.create({
    name: 'keys',
    priority: 1000,
    addKeyboardShortcuts: () => ({
      'Mod-Enter': () => {
        around.current.send();
        return true;
      },
      'Mod-k': () => {
        around.current.link();
        return true;
      },
    }),
  });
}
