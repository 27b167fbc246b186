// Being told through this browser although no page is open: asked for by the person,
// kept up to date at each start, ended by the person or with the session.

import { ask } from '../api/ask';
import { pushed } from '../api/session';
import { PushDevicesDocument, PushSubscribeDocument, PushUnsubscribeDocument } from '../generated/graphql';
import { isApple } from './install';
import type { Pair } from '../words/words';
import { words } from './words';

/** Why notices can or cannot be had here. */
export type PushState = 'on' | 'off' | 'denied' | 'unsupported' | 'install-first' | 'server-off';

export async function pushState(signal?: AbortSignal): Promise<{ state: PushState; key: string | null }> {
  const { pushKey } = await ask(PushDevicesDocument, {}, signal);
  const key = pushKey ?? null;
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis) || !('Notification' in globalThis)) {
    return { state: isApple() ? 'install-first' : 'unsupported', key };
  }
  if (key === null) {
    return { state: 'server-off', key };
  }
  if (Notification.permission === 'denied') {
    return { state: 'denied', key };
  }
  const subscription = await (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription();
  return { state: subscription && localStorage.getItem(pushed) !== null ? 'on' : 'off', key };
}

/** Asks the person and subscribes; resolves to what to tell when it did not work. */
export async function subscribe(key: string, language: keyof Pair<unknown>): Promise<string | undefined> {
  if ((await Notification.requestPermission()) !== 'granted') {
    return undefined; // the state tells
  }
  await leaveSentences(language);
  const registration = await navigator.serviceWorker.ready;
  const old = await registration.pushManager.getSubscription();
  if (old && !isOf(old, key)) {
    await old.unsubscribe();
  }
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  const { pushSubscribe: said } = await ask(PushSubscribeDocument, {
    input: { endpoint: endpoint ?? '', p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '', label: labelOf(navigator.userAgent) },
  });
  const [wrong] = said.userErrors;
  if (wrong || !said.subscription) {
    await subscription.unsubscribe();
    return wrong?.message;
  }
  localStorage.setItem(pushed, said.subscription.id);
  return undefined;
}

export async function unsubscribe(): Promise<void> {
  const id = localStorage.getItem(pushed);
  localStorage.removeItem(pushed);
  await (await (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription())?.unsubscribe();
  if (id !== null) {
    await ask(PushUnsubscribeDocument, { id });
  }
}

/** Keeps the server up to date with what this browser subscribed with, if it did. */
export async function renewSubscription(language: keyof Pair<unknown>): Promise<void> {
  if (localStorage.getItem(pushed) === null || !('Notification' in globalThis) || Notification.permission !== 'granted') {
    return;
  }
  const { pushKey } = await ask(PushDevicesDocument, {});
  if (pushKey != null) {
    await subscribe(pushKey, language);
  }
}

/** Leaves the service worker its sentences, in the language of the person: pushes hold none. */
export async function leaveSentences(language: keyof Pair<unknown>): Promise<void> {
  const cache = await caches.open('smista-notices');
  await cache.put('/notices.json', Response.json(words[language].notices));
}

/** Whether a subscription was made with our key of now. */
function isOf(subscription: PushSubscription, key: string): boolean {
  const used = subscription.options.applicationServerKey;
  const text = used ? btoa(String.fromCharCode(...new Uint8Array(used))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : '';
  return text === key;
}

/** What the person knows a browser by. */
export function labelOf(agent: string): string {
  const browser = [[/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']] as const;
  const system = [[/Android/, 'Android'], [/iP(hone|ad)/, 'iOS'], [/Windows/, 'Windows'], [/Mac/, 'macOS'], [/Linux/, 'Linux']] as const;
  const name = (of: readonly (readonly [RegExp, string])[]): string => of.find(([sign]) => sign.test(agent))?.[1] ?? '';
  return [name(browser) || 'Browser', name(system)].filter(Boolean).join(', ');
}
