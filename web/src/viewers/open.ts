// Looks at what a file is, and reads it for the kind that shows it: once, since every
// reading is recorded.

import { kinds, type Content, type Enclosed, type Kind } from './kinds';

/** Why a file is not shown. */
export class NotOpened extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

const nothing: Content = { type: '', charset: '', bytes: new Uint8Array(), cut: false };

/** A path with a further question. */
export function asking(path: string, question: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${question}`;
}

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

/** The beginning of a stream, of which no more is read than is wanted. */
export async function firstOf(stream: ReadableStream<Uint8Array>, most: number, progress: (bytes: number) => void = () => undefined): Promise<{ bytes: Uint8Array<ArrayBuffer>; cut: boolean }> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  while (size < most && !ended) {
    const { value, done } = await reader.read();
    ended = done;
    if (value) {
      chunks.push(value);
      size += value.length;
      progress(size);
    }
  }
  if (!ended) {
    ended = most > 0 && size === most && (await reader.read()).done;
    void reader.cancel();
  }
  const bytes = new Uint8Array(Math.min(size, most));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, bytes.length - at), at);
    at += chunk.length;
  }
  return { bytes, cut: size > most || !ended };
}
