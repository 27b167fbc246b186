// Starts the service worker, and tells when a new version of the client is ready.
// Only the person decides when it is shown: what is being written is never lost to it.

/** Milliseconds after which a page that stays open asks whether there is a new version. */
const again = 60 * 60_000;

let waiting: ServiceWorker | null = null;
let outdated = false; // a part of this version is no longer to be had
const watchers = new Set<() => void>();

export const version = {
  watch(changed: () => void): () => void {
    watchers.add(changed);
    return () => watchers.delete(changed);
  },
  /** Whether there is a newer version than the one that is shown. */
  isOld: (): boolean => waiting !== null || outdated,
  /** Shows it: the page is loaded anew. */
  renew(): void {
    if (!waiting) {
      location.reload();
      return;
    }
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    waiting.postMessage('take over');
  },
};

function changed(): void {
  watchers.forEach((w) => w());
}

/** Lets the worker keep the client on this device. Without one, everything works with a network. */
export async function startWorker(): Promise<void> {
  addEventListener('vite:preloadError', () => void fetch('/', { method: 'HEAD', cache: 'no-store' }).then(({ ok }) => {
    if (ok) { // it answers, and has another version by now
      outdated = true;
      changed();
    }
  }, () => undefined));
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) {
    return;
  }
  const registration = await navigator.serviceWorker.register('/worker.js', { scope: '/', updateViaCache: 'none' }).catch(() => undefined);
  if (!registration) {
    return;
  }
  const look = (worker: ServiceWorker | null): void => {
    if (worker?.state === 'installed' && navigator.serviceWorker.controller) {
      waiting = worker;
      changed();
    }
  };
  look(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => look(installing));
  });
  navigator.serviceWorker.controller?.postMessage('keep');
  const ask = (): void => void registration.update().catch(() => undefined);
  setInterval(ask, again);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ask());
}

/** Calls with the page that a notice leads to, when one was pressed. */
export function onNotice(open: (page: string) => void): () => void {
  const hear = ({ data }: MessageEvent): void => {
    const page = (data as { open?: unknown } | null)?.open;
    if (typeof page === 'string') {
      open(page);
    }
  };
  navigator.serviceWorker?.addEventListener('message', hear);
  return () => navigator.serviceWorker?.removeEventListener('message', hear);
}
