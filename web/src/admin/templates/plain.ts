// The text of a template between the field, where it is typed as it reads, and the
// server, which keeps HTML.

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: '’', nbsp: ' ' };

/** What a template says, without its looks. */
export function plainOf(html: string): string {
  return html
    .replace(/[\r\n]+/g, ' ')
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<li\b[^>]*>/gi, '– ')
    .replace(/<\/(p|div|li|h[1-6]|tr|blockquote)>\s*/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal?: string, hexadecimal?: string, name?: string) =>
      decimal ? String.fromCodePoint(Number(decimal)) : hexadecimal ? String.fromCodePoint(Number.parseInt(hexadecimal, 16)) : named[name!.toLowerCase()] ?? all)
    .replace(/\n+$/, '');
}

/** A typed text as HTML: each line a paragraph. */
export function htmlOf(text: string): string {
  return text.split('\n').map((line) => `<p>${line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') || '<br>'}</p>`).join('');
}

/** Whether a template has looks that a typed text does not keep. */
export function hasLooks(html: string): boolean {
  return /<(?!\/?(p|div|br)\b)[^>]*>|style=/i.test(html);
}
