// The session of the person at this browser. Its secret is in a cookie that no
// script can read; what is here only asks, begins and ends.

const path = '/api/v1/session';

export interface Person {
  id: string;
  name: string;
  /** When the session ends at the latest; nothing for who asks by a token. */
  until?: string;
}

/** Who is signed in; null when nobody is. */
export async function whoIsHere(): Promise<Person | null> {
  const response = await fetch(path, { headers: { Accept: 'application/json' } });
  if (response.status >= 500) {
    throw new Error(String(response.status));
  }
  return response.ok ? ((await response.json()) as Person) : null;
}

/** Signs in; the result is who it is, or else what to tell the person. */
export async function signIn(email: string, password: string, language: string): Promise<Person | string> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Accept-Language': language },
    body: JSON.stringify({ email, password }),
  });
  if (response.ok) {
    const person = (await response.json()) as Person;
    await forgetOthers(person.id); // before the page is left
    return person;
  }
  const answer = (await response.json().catch(() => null)) as { errors?: { message: string }[] } | null;
  return answer?.errors?.[0]?.message ?? String(response.status);
}

const owner = 'smista.owner';
const goes = 'smista.signed-out';
/** Where the id stands that the server gave to this browser's subscription to notices. */
export const pushed = 'smista.push';

/** The database of what a person keeps on this device. */
export function databaseOf(id: string): string {
  return `smista ${id}`;
}

/** Whose things are kept on this device; null when nobody's are. */
export function ownerHere(): string | null {
  return localStorage.getItem(owner);
}

/** Makes a person the owner of what is kept here, once nothing of anybody else's is left. */
export async function forgetOthers(id: string): Promise<void> {
  const before = ownerHere();
  if (before !== null && before !== id) {
    await forget(before);
  }
  localStorage.setItem(owner, id);
  localStorage.removeItem(goes);
  const bases = await globalThis.indexedDB?.databases?.().catch(() => []) ?? []; // also what a page that was closed in the middle left
  await Promise.all(bases.map(({ name = '' }) => name.startsWith(databaseOf('')) && name !== databaseOf(id) && drop(name)));
}

/**
 * Ends the session and goes to the sign-in page. Nothing of the person stays on this
 * device, also when the server does not hear of it now: then it does at the next start.
 */
export async function signOut(): Promise<void> {
  await forget(ownerHere());
  try {
    const response = await fetch(path, { method: 'DELETE' });
    if (!response.ok) {
      throw new Error(String(response.status));
    }
  } catch {
    localStorage.setItem(goes, '1');
  }
  goToSignIn();
}

/** Ends a session that should have ended when the server could not be reached; throws when it still cannot. */
export async function endLeftSession(): Promise<void> {
  if (localStorage.getItem(goes) !== null) {
    await fetch(path, { method: 'DELETE' });
    localStorage.removeItem(goes);
  }
}

/** Deletes everything of a person that this device keeps: PECs, what waits, the subscription to notices, pages. */
async function forget(id: string | null): Promise<void> {
  localStorage.removeItem(owner);
  localStorage.removeItem(pushed);
  sessionStorage.clear(); // what was being typed
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  const subscription = await registration?.pushManager?.getSubscription().catch(() => null);
  const names = 'caches' in globalThis ? await caches.keys() : [];
  await Promise.allSettled([
    id === null ? undefined : drop(databaseOf(id)), drop('smista-drafts'), subscription?.unsubscribe(), navigator.clearAppBadge?.(), ...names.map((name) => caches.delete(name)),
  ]);
}

/** Deletes a database; pages that have it open let go of it when they hear of that. */
function drop(name: string): Promise<void> {
  return new Promise((done) => {
    const deleting = indexedDB.deleteDatabase(name);
    deleting.onsuccess = deleting.onerror = deleting.onblocked = () => done(); // when blocked, it goes with the last page that has it open
  });
}

let signInHere: (() => Promise<void>) | null = null;

/** Says how a person signs in again without leaving the page, where that is possible. */
export function atSessionEnd(how: (() => Promise<void>) | null): void {
  signInHere = how;
}

/** The session has ended: resolves when the same person is signed in again. */
export function signedInAgain(): Promise<void> {
  if (signInHere) {
    return signInHere();
  }
  goToSignIn();
  return new Promise(() => undefined); // this page is left
}

/** Leads to the sign-in page, and from there back here. */
export function goToSignIn(): void {
  const here = location.pathname + location.search;
  const language = new URLSearchParams(location.search).get('lang');
  location.assign(`/sign-in?next=${encodeURIComponent(here)}${language === 'en' ? '&lang=en' : ''}`);
}

/** Where to go after signing in: a page of this host, whatever the address says. */
export function placeAfter(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}
