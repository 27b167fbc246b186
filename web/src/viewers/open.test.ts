import { afterEach, expect, test, vi } from 'vitest';
import { open, part } from './open';

afterEach(() => vi.unstubAllGlobals());

/** A server of one file; gives which ranges were asked for. */
function serving(type: string, bytes: Uint8Array<ArrayBuffer>): (string | null)[] {
  const asked: (string | null)[] = [];
  vi.stubGlobal('fetch', (_: string, { headers }: RequestInit) => {
    const range = new Headers(headers).get('Range');
    asked.push(range);
    const [begin = 0, end = bytes.length - 1] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '')?.slice(1).map(Number) ?? [];
    const sent = bytes.slice(begin, end + 1);
    return Promise.resolve(new Response(sent, { status: range ? 206 : 200, headers: {
      'Content-Type': type, 'Content-Disposition': 'inline', ...(range && { 'Content-Range': `bytes ${begin}-${begin + sent.length - 1}/${bytes.length}` }),
    } }));
  });
  return asked;
}

test('of a big PDF the first part is read, and others when they are needed; all else is read at once', async () => {
  const bytes = new Uint8Array(part + 1000).map((_, i) => i % 251);
  const pdf = { name: 'Elaborato.PDF', mediaType: 'application/octet-stream', size: 3_000_000, path: '/a', nestedPath: null };
  const { signal } = new AbortController();
  const asked = serving('application/pdf', bytes);
  const { content } = await open(pdf, () => undefined, signal);
  expect([content.bytes.length, content.whole?.size]).toEqual([part, bytes.length]);
  expect([...(await content.whole!.read(part - 5, part + 5, signal))]).toEqual([...bytes.slice(part - 5, part + 5)]);
  expect(asked).toEqual([`bytes=0-${part - 1}`, `bytes=${part - 5}-${part + 4}`]);

  for (const [type, file] of [['application/pdf', { ...pdf, size: 1_000_000 }], ['image/png', { ...pdf, name: 'foto.png' }], ['image/png', pdf]] as const) {
    serving(type, bytes);
    const read = (await open(file, () => undefined, signal)).content;
    expect(read.bytes.length).toBe(bytes.length);
    expect(read.whole).toBeUndefined();
  }
});
