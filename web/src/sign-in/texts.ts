// Every text of the page to sign in, Italian first.

const signInIt = {
  title: 'Smista – accesso',
  heading: 'Accesso',
  email: 'Indirizzo e-mail',
  password: 'Password',
  enter: 'Entra',
  unreachable: 'Il server non risponde: riprovare tra poco.',
  otherLanguage: { code: 'en', name: 'English' },
};

const signInEn: typeof signInIt = {
  title: 'Smista – sign in',
  heading: 'Sign in',
  email: 'E-mail address',
  password: 'Password',
  enter: 'Sign in',
  unreachable: 'The server does not answer: try again in a moment.',
  otherLanguage: { code: 'it', name: 'Italiano' },
};

/** The texts and locale of the sign-in page, Italian unless ?lang=en. */
export function signInTextsFor(search: string): { texts: typeof signInIt; locale: string } {
  return new URLSearchParams(search).get('lang') === 'en' ? { texts: signInEn, locale: 'en-GB' } : { texts: signInIt, locale: 'it-IT' };
}
