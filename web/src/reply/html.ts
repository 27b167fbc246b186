// The text of a draft between the editor, which knows nodes, and the server, which
// keeps HTML.

import { DOMParser as Reader, DOMSerializer, type Node, type Schema } from '@tiptap/pm/model';
import { bodyOf, declarationsOf, settle, styleOf } from './markup';

/** The look of all of it: without it each mail program takes a font of its own. */
const look = 'font-family: Arial, Helvetica, sans-serif; font-size: 11pt; line-height: 1.4';

/** Reads the HTML of a draft; there is always a line to write in, at the end too. */
export function textOf(html: string, schema: Schema): Node {
  const body = bodyOf(html);
  settle(body);
  const text = Reader.fromSchema(schema).parse(body);
  return text.lastChild?.isTextblock ? text : text.copy(text.content.addToEnd(schema.nodes['paragraph']!.create()));
}

/** Writes what a mail says. */
export function htmlOf(text: Node): string {
  const page = document.implementation.createHTMLDocument('');
  const whole = page.createElement('div');
  whole.setAttribute('style', look);
  whole.append(DOMSerializer.fromSchema(text.type.schema).serializeFragment(text.content, { document: page }));
  for (const picture of whole.querySelectorAll('img')) {
    picture.setAttribute('src', `cid:${picture.getAttribute('data-cid') ?? ''}`);
    picture.removeAttribute('data-cid');
  }
  // Tables do not take over what stands around them, in pages of the old kind.
  for (const table of whole.querySelectorAll('table')) {
    table.setAttribute('style', styleOf([...declarationsOf(table.getAttribute('style') ?? ''), ...declarationsOf(look)]));
  }
  // In lists and cells the lines stand close, whoever shows them.
  for (const line of whole.querySelectorAll<HTMLElement>('li > p, td > p, th > p')) {
    line.style.marginTop = line.style.marginBottom = '0px';
  }
  // A line without a word has no height elsewhere.
  for (const line of whole.querySelectorAll('p:empty')) {
    line.append(page.createElement('br'));
  }
  // Nor a cell its width.
  for (const cell of whole.querySelectorAll('td, th')) {
    if (cell.textContent === '' && !cell.querySelector('img')) {
      cell.setAttribute('width', '48');
    }
  }
  return whole.outerHTML;
}
