// Questions and commands over HTTP. A document is named by its SHA-256; a server
// that does not know it (another version, during an upgrade) is told it in full.

import type { TypedDocumentString } from '../generated/graphql';
import { kept } from '../offline/kept';
import { clock } from './clock';
import { signedInAgain } from './session';

/** The server understood and refused the whole question. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

/** The server could not be reached, or was not able to answer: asking again may help. */
export class Unreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('the server does not answer', options);
    this.name = 'Unreachable';
  }
}

interface Answer<T> {
  data?: T | null;
  errors?: readonly { message: string; extensions?: { code?: string } }[];
}

/** Milliseconds after which a question that has no answer is given up. */
const patience = 20_000;

let language = 'it';

/** Milliseconds after which a page that is kept on this device is better than waiting on. */
const waits = 4_000;
/** Milliseconds for which a kept page counts as new. */
const fresh = 30_000;

const lateWatchers = new Set<(key: readonly unknown[]) => void>();

/** Calls when an answer came after a kept page was shown in its place. */
export function onLateAnswer(tell: (key: readonly unknown[]) => void): () => void {
  lateWatchers.add(tell);
  return () => lateWatchers.delete(tell);
}

/**
 * Puts a question whose answer this device keeps, under the key of the question: when
 * the server does not answer, or not soon, what it said before is the answer.
 */
export async function askOrKept<T, V>(
  key: readonly unknown[], document: TypedDocumentString<T, V>, variables: V, signal?: AbortSignal, mayKeep: (answer: T) => boolean = () => true,
): Promise<T> {
  const name = JSON.stringify(key);
  const asking = ask(document, variables, signal).then((answer) => {
    void (mayKeep(answer) ? kept.put(name, answer) : kept.drop(name));
    return answer;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slow = new Promise<'slow'>((done) => (timer = setTimeout(() => done('slow'), waits)));
  try {
    const first = await Promise.race([asking, slow]);
    if (first !== 'slow') {
      return first as T;
    }
    const page = await kept.get<T>(name);
    if (!page) {
      return await asking;
    }
    asking.then(() => Date.now() - page.at > fresh && lateWatchers.forEach((tell) => tell(key)), () => undefined);
    return page.data;
  } catch (failure) {
    const page = failure instanceof Unreachable ? await kept.get<T>(name) : undefined;
    if (!page) {
      throw failure;
    }
    return page.data;
  } finally {
    clearTimeout(timer);
  }
}

/** Says in which language the server's sentences are wanted. */
export function speak(wanted: string): void {
  language = wanted;
}

/** Puts a question, or gives a command. Throws Refused or Unreachable. */
export async function ask<T, V>(document: TypedDocumentString<T, V>, variables: V, signal?: AbortSignal): Promise<T> {
  const name = nameOf(document);
  if (name) {
    try {
      return await post<T>({ extensions: name, variables }, signal);
    } catch (refused) {
      if (!(refused instanceof Refused) || refused.code !== 'OPERATION_UNKNOWN') {
        throw refused;
      }
    }
  }
  return post<T>({ query: await textOf(document), variables }, signal);
}

/** The documents in full, by their names: what the build leaves out of the pages that ask them. */
const texts = (): Promise<Partial<Record<string, string>>> => import('../generated/persisted-documents.json').then((m) => m.default);

/**
 * A document in full. Whoever wants it speaks with a server that has other files: they
 * are read once this page has come, and not when they are needed.
 */
export async function textOf<T, V>(document: TypedDocumentString<T, V>): Promise<string> {
  try {
    return (await texts())[hashOf(document)] ?? '';
  } catch (failure) {
    throw new Unreachable({ cause: failure });
  }
}

/** Reads the documents in full, for when they are needed. */
export function readTexts(): void {
  setTimeout(() => void texts().catch(() => undefined), 5_000);
}

function hashOf<T, V>(document: TypedDocumentString<T, V>): string {
  return (document.__meta__ as { hash: string }).hash;
}

/** How a document is named instead of being told in full; nothing while the client is being written. */
export function nameOf<T, V>(document: TypedDocumentString<T, V>): { persistedQuery: { version: 1; sha256Hash: string } } | undefined {
  return import.meta.env.DEV ? undefined : { persistedQuery: { version: 1, sha256Hash: hashOf(document).replace('sha256:', '') } };
}

/** The headers of a question whose answer is wanted in some form. */
export function headers(accept: string): Record<string, string> {
  return { 'Content-Type': 'application/json', Accept: accept, 'Accept-Language': language };
}

async function post<T>(body: object, signal?: AbortSignal): Promise<T> {
  const limits = [AbortSignal.timeout(patience), ...(signal ? [signal] : [])];
  let response: Response;
  let answer: Answer<T>;
  const askedAt = Date.now();
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: headers('application/json'),
      body: JSON.stringify(body),
      signal: AbortSignal.any(limits),
    });
    clock.heard(response.headers.get('Date'), askedAt);
    answer = response.status === 401 ? {} : ((await response.json()) as Answer<T>);
  } catch (failure) {
    if (signal?.aborted) {
      throw failure;
    }
    throw new Unreachable({ cause: failure });
  }
  if (response.status === 401) { // nothing was done: it can be asked again
    await kept.forgetPages();
    await signedInAgain();
    signal?.throwIfAborted();
    return post<T>(body, signal);
  }
  const wrong = answer.errors?.[0];
  if (wrong || !answer.data) {
    if (response.status >= 500 || wrong?.extensions?.code === 'UNAVAILABLE') {
      throw new Unreachable({ cause: wrong });
    }
    throw new Refused(wrong?.message ?? String(response.status), wrong?.extensions?.code ?? '');
  }
  return answer.data;
}
