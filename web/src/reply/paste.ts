// What Word, Outlook, Excel and pages of the web put on the clipboard, made into
// plain markup: lists are lists again, tables stay, of styles only those that a
// mail of ours has, and of pictures only those that come along.

import { bodyOf, declarationsOf, renamed, settle, styleOf, unwrap } from './markup';
import { isLink } from './schema';

export interface Pasted {
  html: string;
  /** Pictures that came within the markup, to be uploaded under these content ids. */
  pictures: { cid: string; picture: Blob }[];
  /** How many pictures could not come along, because they lie elsewhere. */
  left: number;
}

/** `known` says whether a picture is attached to the draft that is pasted into. */
export function cleaned(html: string, known: (cid: string) => boolean): Pasted {
  const body = bodyOf(html);
  applySheets(body);
  body.querySelectorAll('head, script, style, title, meta, link, base, noscript, template, xml').forEach((e) => e.remove());
  removeComments(body);
  makeLists(body);
  const result: Pasted = { html: '', pictures: [], left: 0 };
  for (const e of body.querySelectorAll('*')) {
    if (e.tagName.includes(':')) { // o:p, v:shape and others of Microsoft's own
      unwrap(e);
    }
  }
  for (const img of body.querySelectorAll('img')) {
    takePicture(img, known, result);
  }
  for (const a of body.querySelectorAll('a')) {
    if (!isLink(a.getAttribute('href') ?? '')) {
      unwrap(a);
    }
  }
  settle(body);
  body.querySelectorAll('table').forEach((table) => table.setAttribute('border', '1'));
  body.querySelectorAll('*').forEach(strip);
  for (const span of body.querySelectorAll('span')) {
    if (span.attributes.length === 0) {
      unwrap(span);
    }
  }
  result.html = body.innerHTML;
  return result;
}

const attributes = new Set(['href', 'colspan', 'rowspan', 'start', 'alt', 'width', 'border', 'data-cid', 'data-pm-slice', 'style', 'type']);
const properties = new Set([
  'color', 'background-color', 'font-weight', 'font-style', 'font-family', 'font-size', 'text-decoration', 'text-align', 'margin-left', 'vertical-align',
]);
/** Values that say what is so anyway. */
const idle = /^(windowtext|auto|initial|inherit|transparent|none|normal|400|start|left|baseline|black|#000000|rgb\(0, ?0, ?0\)|-?0(\.0)?(pt|px|cm|in)?)$/i;

/** Leaves an element what may be of it in a mail of ours. */
function strip(element: Element): void {
  for (const { name } of [...element.attributes]) {
    if (!attributes.has(name) || name === 'type' && element.tagName !== 'OL' || name === 'width' && element.tagName !== 'IMG') {
      element.removeAttribute(name);
    }
  }
  const said = declarationsOf(element.getAttribute('style') ?? '');
  const background = said.get('background'); // Word's way of highlighting
  if (background && /^(#[0-9a-f]{3,8}|[a-z]+|rgba?\([^)]*\))$/i.test(background)) {
    said.set('background-color', background);
  }
  const kept = [...said].filter(([property, value]) => properties.has(property) && !idle.test(value) && !/url\(|expression|mso-/i.test(value))
    .filter(([property]) => property !== 'font-family' && property !== 'font-size' || element.tagName === 'SPAN');
  if (kept.length > 0) {
    element.setAttribute('style', styleOf(kept.map(([p, v]) => [p, v.replaceAll('"', '')] as const)));
  } else {
    element.removeAttribute('style');
  }
}

/** Excel says how cells look in a style sheet, by class. */
function applySheets(body: HTMLElement): void {
  for (const sheet of body.ownerDocument.querySelectorAll('style')) {
    const text = (sheet.textContent ?? '').replace(/<!--|-->|\/\*[\s\S]*?\*\//g, '');
    for (const [, selectors = '', declarations = ''] of text.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      const said = [...declarationsOf(declarations)].filter(([p]) => properties.has(p) && p !== 'font-family' && p !== 'font-size' && p !== 'margin-left' || p === 'background');
      const wanted = selectors.split(',').map((s) => s.trim()).filter((s) => /^[a-z]*\.xl[\w-]+$/i.test(s));
      if (said.length > 0 && wanted.length > 0) {
        for (const e of body.querySelectorAll(wanted.join(','))) {
          e.setAttribute('style', styleOf([...said, ...declarationsOf(e.getAttribute('style') ?? '')]));
        }
      }
    }
  }
  // A cell's weight and colour are its text's.
  for (const cell of body.querySelectorAll('td, th')) {
    const said = declarationsOf(cell.getAttribute('style') ?? '');
    const ofText = [...said].filter(([p, v]) => ['color', 'font-weight', 'font-style', 'text-decoration'].includes(p) && !idle.test(v));
    if (ofText.length > 0 && cell.textContent?.trim()) {
      const span = cell.ownerDocument.createElement('span');
      span.setAttribute('style', styleOf(ofText));
      span.append(...cell.childNodes);
      cell.append(span);
    }
    const align = said.get('text-align') ?? cell.getAttribute('align');
    if (align && !cell.querySelector('p')) {
      const line = cell.ownerDocument.createElement('p');
      line.setAttribute('style', `text-align: ${align}`);
      line.append(...cell.childNodes);
      cell.append(line);
    }
  }
}

function removeComments(body: HTMLElement): void {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (walker.nextNode()) {
    comments.push(walker.currentNode);
  }
  comments.forEach((c) => c.parentNode?.removeChild(c));
}

/** A list item as Word writes it: a paragraph that says its list, its level and its mark. */
interface Item {
  paragraph: HTMLElement;
  level: number;
  /** The number that it begins with; nothing for a bullet. */
  number: number | undefined;
}

const ordered = /^\(?\s*(\d{1,4}|[a-z]{1,4})\s*[.)°]/i;

function itemOf(paragraph: HTMLElement): Item | undefined {
  const said = /mso-list:\s*l\d+\s+level(\d)/i.exec(paragraph.getAttribute('style') ?? '');
  if (!said) {
    return undefined;
  }
  const mark = [...paragraph.querySelectorAll('span')].find((s) => /mso-list:\s*ignore/i.test(s.getAttribute('style') ?? ''));
  const text = (mark?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
  mark?.remove();
  const found = ordered.exec(text)?.[1]; // "o" is the second level's bullet: it has no dot
  return { paragraph, level: Number(said[1]), number: found === undefined ? undefined : Number(found) || 1 };
}

/** Makes paragraphs that follow each other as items into lists in lists. */
function makeLists(body: HTMLElement): void {
  let open: { list: HTMLElement; level: number; ordered: boolean }[] = [];
  let last: Element | null = null;
  for (const paragraph of body.querySelectorAll<HTMLElement>('p, h1, h2, h3, h4, h5, h6, div')) {
    const item = itemOf(paragraph);
    if (!item) {
      continue;
    }
    if (last === null || paragraph.previousElementSibling !== last) {
      open = [];
    }
    const isOrdered = item.number !== undefined;
    while (open.length > 0 && (open.at(-1)!.level > item.level || open.at(-1)!.level === item.level && open.at(-1)!.ordered !== isOrdered)) {
      open.pop();
    }
    let top = open.at(-1);
    if (!top || top.level < item.level) {
      const list = body.ownerDocument.createElement(isOrdered ? 'ol' : 'ul');
      if (isOrdered && item.number !== 1) {
        list.setAttribute('start', String(item.number));
      }
      const within = top?.list.lastElementChild;
      if (within) {
        within.append(list);
      } else {
        paragraph.before(list);
      }
      top = { list, level: item.level, ordered: isOrdered };
      open.push(top);
    }
    const li = body.ownerDocument.createElement('li');
    li.append(...paragraph.childNodes);
    top.list.append(li);
    paragraph.remove();
    last = open[0]!.list;
  }
}

function takePicture(img: HTMLImageElement, known: (cid: string) => boolean, result: Pasted): void {
  const own = img.getAttribute('data-cid');
  if (own !== null && known(own)) {
    img.removeAttribute('src');
    return;
  }
  const data = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\s]+)$/.exec(img.getAttribute('src') ?? '');
  if (!data) {
    result.left++;
    img.remove();
    return;
  }
  const cid = newContentId();
  const bytes = Uint8Array.from(atob(data[2]!.replace(/\s/g, '')), (c) => c.charCodeAt(0));
  result.pictures.push({ cid, picture: new Blob([bytes], { type: data[1]! }) });
  const plain = renamed(img, 'img', '');
  plain.setAttribute('data-cid', cid);
  plain.setAttribute('alt', img.getAttribute('alt') ?? '');
}

/** The name under which a text shows one of its pictures. */
export function newContentId(): string {
  return `${crypto.randomUUID()}@smista`;
}
