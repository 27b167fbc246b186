// Markup of mails, read without ever becoming part of the page: a document that runs
// nothing and loads nothing holds it, until the editor's schema has taken what it knows.

interface Factory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): { createHTML(text: string): string };
}

// The page's own policy refuses all markup; this one serves documents that stand alone.
const policy = (globalThis as { trustedTypes?: Factory }).trustedTypes?.createPolicy('mail', { createHTML: (text) => text });

/** The body of some markup, in a document of its own. */
export function bodyOf(html: string): HTMLElement {
  return new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, 'text/html').body;
}

/** Takes an element away and leaves what is in it. */
export function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

/** Makes an element another one, with the same content and the given style. */
export function renamed(element: Element, name: string, style = element.getAttribute('style') ?? ''): HTMLElement {
  const other = element.ownerDocument.createElement(name);
  other.append(...element.childNodes);
  if (style !== '') {
    other.setAttribute('style', style);
  }
  element.replaceWith(other);
  return other;
}

/** What a style attribute says, by property in lower case. */
export function declarationsOf(style: string): Map<string, string> {
  const said = new Map<string, string>();
  for (const part of style.split(/;(?![^(]*\))/)) {
    const at = part.indexOf(':');
    if (at > 0) {
      said.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim());
    }
  }
  return said;
}

/** The style attribute that says all this. */
export function styleOf(said: Iterable<readonly [string, string]>): string {
  return [...said].map(([property, value]) => `${property}: ${value}`).join('; ');
}

const blocks = 'address, article, blockquote, center, dd, div, dl, dt, h1, h2, h3, h4, h5, h6, hr, li, ol, p, pre, section, table, td, th, ul';
const sizes = ['8pt', '10pt', '12pt', '14pt', '18pt', '24pt', '36pt'];

/** Writes old and loose markup so that the editor's schema finds in it what it knows. */
export function settle(body: HTMLElement): void {
  body.querySelectorAll('script, style, title, meta, link, base, noscript, template, colgroup').forEach((e) => e.remove());
  for (const font of body.querySelectorAll('font')) {
    const said: [string, string][] = [];
    for (const [attribute, property] of [['color', 'color'], ['face', 'font-family']] as const) {
      const value = font.getAttribute(attribute);
      if (value) {
        said.push([property, value]);
      }
    }
    const size = sizes[Number(font.getAttribute('size')) - 1];
    renamed(font, 'span', styleOf(size ? [...said, ['font-size', size]] : said));
  }
  body.querySelectorAll('center').forEach((e) => renamed(e, 'div', 'text-align: center'));
  // Where lines stand in no paragraph a <div> is one.
  for (const div of body.querySelectorAll('div')) {
    if (!div.querySelector(blocks)) {
      const paragraph = renamed(div, 'p');
      const align = div.getAttribute('align');
      if (align) {
        paragraph.setAttribute('align', align);
      }
    }
  }
  for (const e of body.querySelectorAll<HTMLElement>('p[align], h1[align], h2[align], h3[align], h4[align], h5[align], h6[align]')) {
    e.style.textAlign ||= e.getAttribute('align') ?? '';
  }
  for (const e of body.querySelectorAll<HTMLElement>('[bgcolor]')) {
    e.style.backgroundColor ||= e.getAttribute('bgcolor') ?? '';
  }
  // The break at the end of a block is no line of its own; alone it is the empty line.
  for (const br of body.querySelectorAll('p > br:last-child, li > br:last-child, td > br:last-child, th > br:last-child')) {
    if (!br.nextSibling || br.nextSibling.textContent?.trim() === '') {
      br.remove();
    }
  }
}
