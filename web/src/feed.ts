// The board and what follows, without a gap: the end of the register is taken
// first, the board is read, and the subscription begins at that end. After a lost
// connection it goes on from the last cursor it saw; when the server does not know
// that cursor any more, everything is read again.

import type { Client } from 'graphql-ws';
import { waitBefore } from './api';
import { arrivalsSubscription, boardQuery, type Arrival } from './arrivals';

export interface Feed {
  onBoard(board: Arrival[]): void;
  onArrival(arrival: Arrival): void;
  /** Nobody is signed in, or no longer. */
  onSignedOut(): void;
  /** The server understood and refused; only the reason can be shown. */
  onRefused(reason: string): void;
}

interface Answer<T> {
  data?: T | null;
  errors?: readonly { message: string; extensions?: { code?: unknown } }[];
}

interface Board {
  registerHead: string;
  messages: { nodes: Arrival[] };
}

interface Happened {
  events: { cursor: string; message?: Arrival | null };
}

/** Follows the arrivals for as long as the page lives. */
export async function follow(client: Client, feed: Feed): Promise<void> {
  for (;;) {
    const board = await readBoard(feed);
    feed.onBoard(board.messages.nodes);
    const again = await listen(client, board.registerHead, feed);
    if (!again) {
      return;
    }
  }
}

async function readBoard(feed: Feed): Promise<Board> {
  for (let tries = 0; ; tries++) {
    try {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify({ query: boardQuery, variables: { first: 50 } }),
      });
      if (response.status === 401) {
        feed.onSignedOut();
      }
      const answer = (await response.json()) as Answer<Board>;
      if (answer.data) {
        return answer.data;
      }
      feed.onRefused(answer.errors?.[0]?.message ?? String(response.status));
    } catch {
      // Not reachable: the chip says so, and it is tried again.
    }
    await new Promise((done) => setTimeout(done, waitBefore(tries)));
  }
}

/** Listens after a cursor; resolves to true when all should be read again. */
function listen(client: Client, after: string, feed: Feed): Promise<boolean> {
  // The client sends its variables anew at each connection: by then, after is
  // the last cursor seen.
  const variables = { after };
  return new Promise((done) => {
    client.subscribe<Happened>(
      { query: arrivalsSubscription, variables },
      {
        next: ({ data }) => {
          if (data) {
            variables.after = data.events.cursor;
            if (data.events.message) {
              feed.onArrival(data.events.message);
            }
          }
        },
        error: (failure) => {
          const errors = Array.isArray(failure) ? (failure as NonNullable<Answer<never>['errors']>) : [];
          const code = (failure as { code?: unknown } | null)?.code;
          if (errors.some((e) => e.extensions?.code === 'CURSOR_UNKNOWN')) {
            done(true);
          } else if (code === 4401 || code === 4403 || errors.some((e) => e.extensions?.code === 'UNAUTHENTICATED')) {
            feed.onSignedOut();
            done(false);
          } else {
            feed.onRefused(errors[0]?.message ?? 'connection refused');
            done(false);
          }
        },
        complete: () => done(true),
      },
    );
  });
}
