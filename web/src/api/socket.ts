import { createClient, type Client, type ClientOptions } from 'graphql-ws';

// Codes after which trying again is useless: the server understood and refused
// (graphql-ws PROTOCOL.md). Every other end of a connection is tried again, the
// internal ones included, which the library would take for final.
const refusals = new Set([4400, 4401, 4403, 4406, 4409]);

/** Milliseconds between two pings, and for how long an answer may stay out. */
const pingEvery = 12_000;
const pongWithin = 5_000;

/**
 * A client of this host's subscriptions that comes back whenever that makes sense.
 * `special` is for tests: another address and socket.
 */
export function createApiClient(on: ClientOptions['on'] = {}, special: Partial<ClientOptions> = {}): Client {
  let pongLate: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    keepAlive: pingEvery,
    on: {
      ...on,
      // A connection that died without a word is ended when a pong stays out.
      ping: (received) => {
        if (!received) {
          pongLate = setTimeout(() => client.terminate(), pongWithin);
        }
      },
      pong: (received) => {
        if (received) {
          clearTimeout(pongLate);
        }
      },
      closed: (event) => {
        clearTimeout(pongLate);
        on.closed?.(event);
      },
    },
    retryAttempts: Infinity,
    shouldRetry: isWorthRetrying,
    retryWait: (retries) => pause(waitBefore(retries)),
    ...special,
  });
  return client;
}

/** Whether a connection that ended so may succeed when tried again. */
export function isWorthRetrying(ended: unknown): boolean {
  const code = (ended as { code?: unknown } | null)?.code;
  return typeof code !== 'number' || !refusals.has(code);
}

/** Milliseconds before the given retry: half a second, doubling up to 15 s, ±25 %. */
export function waitBefore(retries: number): number {
  const base = Math.min(15_000, 500 * 2 ** Math.min(retries, 10));
  return base * (0.75 + Math.random() * 0.5);
}

/** Waits; no longer once the network is back, or somebody looks at the page again. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener('online', end);
      document.removeEventListener('visibilitychange', look);
      done();
    };
    const look = (): void => {
      if (document.visibilityState === 'visible') {
        end();
      }
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener('online', end);
    document.addEventListener('visibilitychange', look);
  });
}
