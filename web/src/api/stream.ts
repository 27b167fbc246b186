// A live question over Server-Sent Events, for where no WebSocket passes: the answer to
// a POST goes on for as long as the connection does (graphql-sse PROTOCOL.md, distinct
// connections). It is read here, and not by EventSource, which can only GET.

import { headers, Refused } from './ask';
import { waitBefore } from './socket';

/** Milliseconds for the first word: a proxy that holds answers back until they end gives none. */
const firstWord = 10_000;
/** Milliseconds of silence after which a stream is not believed in; the server says something every 20 s. */
const silence = 45_000;
/** How many tabs may hold a stream where a browser keeps six connections to a host, for all of them. */
const streams = 3;

export interface Hearing<T> {
  /** Something was said, be it only that the server lives. */
  heard(): void;
  next(data: T): void;
}

/**
 * Hears a live question until its stream ends. Gives how long to wait before it is asked again, in
 * milliseconds; nothing when no stream can be had. Throws Refused when the server refused the question.
 */
export async function hear<T>(question: object, on: Hearing<T>, signal: AbortSignal): Promise<number | undefined> {
  return inOneOf(streams, () => read(question, on, signal));
}

/** Does something while this tab is one of a few; nothing is done in any other. */
async function inOneOf<T>(many: number, work: () => Promise<T>): Promise<T | undefined> {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const shared = /^h[23]/.test(page?.nextHopProtocol ?? ''); // one connection for all
  for (let i = 0; !shared && i < many; i++) {
    const done = await navigator.locks?.request(`smista.stream.${i}`, { ifAvailable: true }, async (lock) => lock && { answer: await work() });
    if (done) {
      return done.answer;
    }
  }
  return shared || !navigator.locks ? work() : undefined;
}

async function read<T>(question: object, on: Hearing<T>, signal: AbortSignal): Promise<number | undefined> {
  const late = new AbortController();
  let timer = setTimeout(() => late.abort(), firstWord);
  let heard = false;
  let wait = waitBefore(0);
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: headers('text/event-stream'),
      body: JSON.stringify(question),
      signal: AbortSignal.any([late.signal, signal]),
    });
    if (!response.ok || !response.body || !response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      late.abort(); // whatever it is
      return undefined;
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) {
        return heard ? wait : undefined;
      }
      heard = true;
      clearTimeout(timer);
      timer = setTimeout(() => late.abort(), silence);
      on.heard();
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const said of blocks.map(wordOf)) {
        wait = said.retry ?? wait;
        if (said.event === 'complete') {
          return wait;
        }
        if (said.event === 'next') {
          on.next(answerOf<T>(said.data));
        }
      }
    }
  } catch (failure) {
    if (failure instanceof Refused) {
      throw failure;
    }
    return heard ? wait : undefined; // a lost connection, or a late word
  } finally {
    clearTimeout(timer);
    late.abort(); // nothing more of it is wanted
  }
}

interface Word {
  event?: string;
  data: string;
  retry?: number;
}

/** Reads what stands between two empty lines, as this server writes it: one line for each field. */
function wordOf(block: string): Word {
  const word: Word = { data: '' };
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === 'event') {
      word.event = value;
    } else if (name === 'data') {
      word.data = value;
    } else if (name === 'retry') {
      word.retry = Number(value);
    }
  }
  return word;
}

function answerOf<T>(text: string): T {
  const { data, errors } = JSON.parse(text) as { data?: T | null; errors?: { message: string; extensions?: { code?: string } }[] };
  if (!data) {
    throw new Refused(errors?.[0]?.message ?? '', errors?.[0]?.extensions?.code ?? '');
  }
  return data;
}
