// The texts about a newer version and the end of the session, which do not come with the first page.

const it = {
  newVersion: 'È pronta una nuova versione.',
  reload: 'Ricarica',
  sessionEnded: 'La sessione è finita: accedi di nuovo',
  sessionEndedTold: 'Ciò che hai scritto è ancora qui: dopo l’accesso si riprende da dove eri.',
  sessionEnds: (at: string) => `La sessione finisce alle ${at}. Per non interrompere il lavoro, accedi di nuovo adesso.`,
  signInNow: 'Accedi di nuovo',
  password: 'Password',
  enter: 'Entra',
  otherAccount: 'Accedi come un’altra persona',
  otherAccountTold: 'Ciò che non è stato salvato va perso.',
  later: 'Più tardi',
  close: 'Chiudi',
};

const en: typeof it = {
  newVersion: 'A new version is ready.',
  reload: 'Reload',
  sessionEnded: 'The session has ended: sign in again',
  sessionEndedTold: 'What you wrote is still here: after signing in you go on from where you were.',
  sessionEnds: (at) => `The session ends at ${at}. So as not to be interrupted, sign in again now.`,
  signInNow: 'Sign in again',
  password: 'Password',
  enter: 'Sign in',
  otherAccount: 'Sign in as somebody else',
  otherAccountTold: 'What was not saved is lost.',
  later: 'Later',
  close: 'Close',
};

export const words = { it, en };
