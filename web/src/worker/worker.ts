// The service worker: keeps the client itself on the device, so that it opens
// without a network, and shows what is pushed. It never touches what the server
// says: no answer of /api or /graphql is kept here.
//
// The build writes the two lists below (vite.config.ts). Nothing is imported, so that
// every browser takes it as a plain script.

interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Pushed extends Lasting {
  readonly data: { json(): unknown } | null;
}
interface Clicked extends Lasting {
  readonly notification: Notification;
}
interface Said extends Lasting {
  readonly data: unknown;
}
interface Page {
  readonly url: string;
  readonly focused: boolean;
  focus(): Promise<Page>;
  postMessage(message: unknown): void;
}
interface Scope {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly navigator: Navigator & { setAppBadge?(n?: number): Promise<void> };
  readonly clients: { claim(): Promise<void>; matchAll(which: object): Promise<readonly Page[]>; openWindow(url: string): Promise<unknown> };
  skipWaiting(): Promise<void>;
  addEventListener(name: 'install' | 'activate', hear: (event: Lasting) => void): void;
  addEventListener(name: 'fetch', hear: (event: Fetching) => void): void;
  addEventListener(name: 'push', hear: (event: Pushed) => void): void;
  addEventListener(name: 'notificationclick', hear: (event: Clicked) => void): void;
  addEventListener(name: 'message', hear: (event: Said) => void): void;
}

declare const __SHELL__: readonly string[];
declare const __BUILD__: string;

const scope = self as unknown as Scope;
const prefix = 'smista-client-';
const current = prefix + __BUILD__;

/** First parts of addresses where the client's one page stands: those of web/embed.go. */
const screens = ['', 'admin', 'cases', 'desk', 'me', 'offices', 'overview', 'todo'];

scope.addEventListener('install', (event) => event.waitUntil(keepShell()));

// The files of the version before stay for pages that were opened with it; those of
// versions before that one go.
scope.addEventListener('activate', (event) => event.waitUntil((async () => {
  const before = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== current);
  await Promise.all(before.slice(0, -1).map((name) => caches.delete(name)));
  await scope.clients.claim();
})()));

/** Fetches what of the client is not kept yet. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(current);
  const known = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await Promise.all(__SHELL__.filter((path) => !known.has(path)).map(async (path) => {
    const answer = await fetch(path, { cache: 'no-cache' });
    if (!answer.ok || answer.redirected) { // for instance the page of a proxy that wants a password
      throw new Error(`${path}: ${answer.status}`);
    }
    await cache.put(path, answer);
  }));
}

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== scope.location.origin) {
    return;
  }
  if (request.mode === 'navigate') {
    if (request.destination === 'document' && screens.includes(pathname.split('/')[1] ?? '')) {
      event.respondWith(kept('/', request));
    }
  } else if (pathname.startsWith('/assets/')) {
    event.respondWith(kept(pathname, request, pathname));
  } else if (__SHELL__.includes(pathname)) {
    event.respondWith(kept(pathname, request));
  }
});

/** What is kept under a path, of this version first; else from the network, kept from then on under `as`. */
async function kept(path: string, request: Request, as?: string): Promise<Response> {
  const cache = (await caches.has(current)) ? await caches.open(current) : null; // signing out throws it away
  const found = (await cache?.match(path)) ?? (as === undefined ? undefined : await caches.match(path));
  if (found) {
    return found;
  }
  const answer = await fetch(request);
  if (cache && as !== undefined && answer.ok && !answer.redirected) {
    await cache.put(as, answer.clone());
  }
  return answer;
}

scope.addEventListener('message', (event) => {
  if (event.data === 'take over') { // the person asked for the new version
    event.waitUntil(scope.skipWaiting());
  } else if (event.data === 'keep') { // everything was thrown away when somebody signed out
    event.waitUntil(keepShell().catch(() => undefined));
  }
});

/** All that the server pushes: a kind, the opaque id of a case, and how many. */
interface Notice {
  kind: string;
  case?: string;
  count: number;
}

/** Sentences for notices in the language of the person, which the client leaves here. */
interface Sentences {
  one: Record<string, string>;
  many: Record<string, string>;
  other: string;
}

scope.addEventListener('push', (event) => event.waitUntil(show(event.data)));

async function show(data: { json(): unknown } | null): Promise<void> {
  let notice: Notice = { kind: '', count: 1 };
  try {
    notice = { ...notice, ...(data?.json() as Partial<Notice>) };
  } catch {
    // something is shown all the same: browsers take the right away from who shows nothing
  }
  if (notice.kind === 'to-sort') {
    await scope.navigator.setAppBadge?.(notice.count);
  }
  const left = await caches.match('/notices.json');
  const sentences = left ? ((await left.json()) as Sentences) : null;
  const sentence = notice.count > 1 ? sentences?.many[notice.kind]?.replace('{n}', String(notice.count)) : sentences?.one[notice.kind];
  await scope.registration.showNotification('Smista', {
    body: sentence ?? sentences?.other ?? 'C’è qualcosa da vedere in Smista.',
    tag: notice.case ?? notice.kind, icon: '/icons/any-192.png', badge: '/icons/badge-96.png', data: pageOf(notice),
  });
}

function pageOf({ kind, case: id }: Notice): string {
  if (kind === 'to-sort') {
    return '/desk';
  }
  return id ? `/cases?read=${encodeURIComponent(id)}` : '/';
}

scope.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(String(event.notification.data ?? '/')));
});

/** Shows a page in a window that is there, which goes there by itself; else in a new one. */
async function open(page: string): Promise<void> {
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = windows.find((w) => screens.includes(new URL(w.url).pathname.split('/')[1] ?? ''));
  if (there) {
    there.postMessage({ open: page });
    await there.focus();
  } else {
    await scope.clients.openWindow(page);
  }
}


