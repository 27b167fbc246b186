// The page to sign in.

import { placeAfter, signIn } from '../api/session';
import { signInTextsFor } from './texts';

const { texts, locale } = signInTextsFor(location.search);

function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

document.documentElement.lang = locale.slice(0, 2);
document.title = texts.title;
byId('heading').textContent = texts.heading;
byId('email-label').textContent = texts.email;
byId('password-label').textContent = texts.password;
const enter = byId<HTMLButtonElement>('enter');
enter.textContent = texts.enter;
const language = byId<HTMLAnchorElement>('language');
language.textContent = texts.otherLanguage.name;
language.lang = language.hreflang = texts.otherLanguage.code;
const search = new URLSearchParams(location.search);
search.set('lang', texts.otherLanguage.code);
language.href = `?${search}`;

const email = byId<HTMLInputElement>('email');
const password = byId<HTMLInputElement>('password');
email.focus();

byId<HTMLFormElement>('form').addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  void enterNow();
});

async function enterNow(): Promise<void> {
  const problem = byId('problem');
  problem.textContent = '';
  enter.disabled = true;
  try {
    const said = await signIn(email.value, password.value, locale);
    if (typeof said !== 'string') {
      location.assign(placeAfter(location.search));
      return;
    }
    problem.textContent = said;
  } catch {
    problem.textContent = texts.unreachable;
  }
  enter.disabled = false;
  password.focus();
  password.select();
}
