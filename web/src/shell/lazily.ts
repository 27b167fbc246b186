// Parts of the client that come when they are wanted. One that cannot be had just now
// is asked for again: without this, a server that stops takes the whole page with it.

import { lazy as once, type ComponentType, type LazyExoticComponent } from 'react';
import { pause, waitBefore } from '../api/socket';

/** As React's, and patient: what waits for the part goes on waiting until it is there. */
export function lazy<T extends ComponentType<any>>(load: () => Promise<{ default: T }>): LazyExoticComponent<T> {
  return once(async () => {
    for (let tries = 0; ; tries++) {
      try {
        return await load();
      } catch {
        await pause(waitBefore(tries));
      }
    }
  });
}
