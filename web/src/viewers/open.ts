// Looks at what a file is, and reads it for the kind that shows it: once, since every
// reading is recorded.

import { asking, firstOf, NotOpened } from './fetched';
import { kinds, type Content, type Enclosed, type Kind } from './kinds';

const nothing: Content = { type: '', charset: '', bytes: new Uint8Array(), cut: false };

export async function open(file: Enclosed, progress: (bytes: number) => void, signal: AbortSignal): Promise<{ kind: Kind; content: Content }> {
  const unasked = kinds.find((k) => k.shows(file, null));
  if (unasked) {
    return { kind: unasked, content: nothing };
  }
  const response = await fetch(asking(file.path, 'inline=1'), { signal });
  if (!response.ok || !response.body) {
    throw new NotOpened(response.status);
  }
  // The server lets be shown what it recognised by its content, and nothing else.
  const isShown = response.headers.get('Content-Disposition')?.startsWith('inline') ?? false;
  const [type = '', ...parameters] = isShown ? (response.headers.get('Content-Type') ?? '').split(/\s*;\s*/) : [];
  const charset = parameters.find((p) => p.startsWith('charset='))?.slice('charset='.length) ?? '';
  const kind = kinds.find((k) => k.shows(file, type))!; // the last one shows everything
  return { kind, content: { type, charset, ...(await firstOf(response.body, kind.reads, progress)) } };
}
