// The session of the person at this browser. Its secret is in a cookie that no
// script can read; what is here only asks, begins and ends.

const path = '/api/v1/session';

/** Who is signed in; null when nobody is. */
export async function whoIsHere(): Promise<{ name: string } | null> {
  const response = await fetch(path, { headers: { Accept: 'application/json' } });
  return response.ok ? ((await response.json()) as { name: string }) : null;
}

/** Signs in; the result is nothing when it went well, else what to tell the person. */
export async function signIn(email: string, password: string, language: string): Promise<string | undefined> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Accept-Language': language },
    body: JSON.stringify({ email, password }),
  });
  if (response.ok) {
    return undefined;
  }
  const answer = (await response.json().catch(() => null)) as { errors?: { message: string }[] } | null;
  return answer?.errors?.[0]?.message ?? String(response.status);
}

/** Ends the session, leaves nothing of it in this browser, and goes to the sign-in page. */
export async function signOut(): Promise<void> {
  await fetch(path, { method: 'DELETE' });
  indexedDB.deleteDatabase('smista-drafts'); // texts that were not saved: who signs out at another's machine leaves none
  goToSignIn();
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
