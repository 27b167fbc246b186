// Looks at what a file is, and reads it for the kind that shows it. Of a big PDF only the
// first part is read here: its reader asks for what it needs of the rest.

import { asking, firstOf, NotOpened } from './fetched';
import { kinds, type Content, type Enclosed, type Kind } from './kinds';

/** Bytes of a PDF from which on it is read in parts. */
const big = 2_000_000;
/** Bytes of one part. */
export const part = 256 * 1024;

const nothing: Content = { type: '', charset: '', bytes: new Uint8Array(), cut: false };

export async function open(
  file: Enclosed, progress: (bytes: number) => void, signal: AbortSignal, inParts = file.size > big && /\bpdf$/i.test(`${file.mediaType} ${file.name}`),
): Promise<{ kind: Kind; content: Content }> {
  const unasked = kinds.find((k) => k.shows(file, null));
  if (unasked) {
    return { kind: unasked, content: nothing };
  }
  const path = asking(file.path, 'inline=1');
  const response = await (inParts ? read(path, 0, part, signal) : fetch(path, { signal }));
  if (!response.ok || !response.body) {
    throw new NotOpened(response.status);
  }
  // The server lets be shown what it recognised by its content, and nothing else.
  const isShown = response.headers.get('Content-Disposition')?.startsWith('inline') ?? false;
  const [type = '', ...parameters] = isShown ? (response.headers.get('Content-Type') ?? '').split(/\s*;\s*/) : [];
  const charset = parameters.find((p) => p.startsWith('charset='))?.slice('charset='.length) ?? '';
  const kind = kinds.find((k) => k.shows(file, type))!; // the last one shows everything
  const size = Number(/^bytes 0-\d+\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1] ?? 0);
  if (size > part && kind.reads > 0 && !kind.inParts) { // it is no PDF after all
    void response.body.cancel();
    return open(file, progress, signal, false);
  }
  const content: Content = { type, charset, ...(await firstOf(response.body, kind.reads, progress)) };
  if (size > part && kind.inParts) {
    content.whole = { size, read: async (begin, end, until) => bytesOf(await read(path, begin, end, until)) };
  }
  return { kind, content };
}

function read(path: string, begin: number, end: number, signal: AbortSignal): Promise<Response> {
  return fetch(path, { signal, headers: { Range: `bytes=${begin}-${end - 1}` } });
}

async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (response.status !== 206) {
    throw new NotOpened(response.status);
  }
  return new Uint8Array(await response.arrayBuffer());
}
