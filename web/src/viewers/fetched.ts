// How files are asked for, and read no further than is wanted.

/** Why a file is not shown. */
export class NotOpened extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/** A path with a further question. */
export function asking(path: string, question: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${question}`;
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
