// The live page: a table of what arrives, fed by the events subscription.

import { createApiClient } from './api';
import { withArrival, type Arrival } from './arrivals';
import { follow } from './feed';
import { goToSignIn, signOut, whoIsHere } from './session';
import { textsFor } from './texts';

const { texts, locale } = textsFor(location.search);

const moment = new Intl.DateTimeFormat(locale, {
  timeZone: 'Europe/Rome',
  day: '2-digit', month: '2-digit', year: 'numeric',
  hour: '2-digit', minute: '2-digit', second: '2-digit',
});
const clock = new Intl.DateTimeFormat(locale, { timeZone: 'Europe/Rome', hour: '2-digit', minute: '2-digit' });

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the page has no element ${id}`);
  }
  return found;
}

function element(name: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

/** An address that breaks after its @ where the column is narrow. */
function address(name: string, text: string): HTMLElement {
  const made = element(name, '');
  const [local, domain] = text.split('@', 2);
  made.append(local ?? '');
  if (domain !== undefined) {
    made.append('@', document.createElement('wbr'), domain);
  }
  return made;
}

let arrivals: Arrival[] = [];
let lastHeard = new Date();

function row(a: Arrival, isNew: boolean): HTMLTableRowElement {
  const tr = document.createElement('tr');
  tr.className = isNew ? 'new' : '';
  const received = element('td', '', 'moment');
  const time = document.createElement('time');
  time.dateTime = a.receivedAt;
  time.textContent = moment.format(new Date(a.receivedAt));
  received.append(time, element('small', a.case?.number ?? ''));

  const sender = a.senderName ? element('td', a.senderName) : address('td', a.senderAddress ?? '');
  if (a.senderName) {
    sender.append(address('small', a.senderAddress ?? ''));
  }

  const subject = element('td', a.subject || texts.noSubject);
  const details = element('small', texts.kinds[a.kind] ? `${texts.kinds[a.kind]} · ` : '');
  const original = document.createElement('a');
  original.href = a.original.path;
  original.textContent = texts.original;
  details.append(original);
  subject.append(details);

  const mailbox = address('td', a.deliveries.nodes[0]?.mailbox?.address ?? '');
  const office = element('td', a.case?.office?.name ?? texts.desk);
  office.append(element('small', a.case?.routeReason ?? ''));

  const verdict = element('td', texts.verdicts[a.verdict.status] ?? a.verdict.status, 'verdict');
  verdict.dataset.verdict = a.verdict.status;
  tr.append(received, sender, subject, mailbox, office, verdict);
  return tr;
}

function draw(newId?: string): void {
  byId('arrivals').replaceChildren(...arrivals.map((a) => row(a, a.id === newId)));
  const empty = byId('empty');
  empty.hidden = arrivals.length > 0;
  empty.textContent = texts.empty;
}

function showConnection(state: 'online' | 'connecting' | 'offline', text: string): void {
  const chip = byId('connection');
  chip.dataset.state = state;
  chip.textContent = text;
}

// Screen readers are told at most once in ten seconds.
let unannounced = 0;
let announcing: number | undefined;
function announce(): void {
  unannounced++;
  announcing ??= window.setTimeout(() => {
    byId('announcement').textContent = texts.announce(unannounced);
    unannounced = 0;
    announcing = undefined;
  }, 10_000);
}

function writeTexts(): void {
  document.documentElement.lang = locale.slice(0, 2);
  document.title = texts.title;
  byId('caption').textContent = texts.caption;
  byId('columns').replaceChildren(...texts.columns.map((name) => {
    const th = element('th', name);
    th.setAttribute('scope', 'col');
    return th;
  }));
  const language = byId('language') as HTMLAnchorElement;
  language.textContent = texts.otherLanguage.name;
  language.lang = language.hreflang = texts.otherLanguage.code;
  language.href = `?lang=${texts.otherLanguage.code}`;
  const leave = byId('sign-out') as HTMLButtonElement;
  leave.textContent = texts.signOut;
  leave.addEventListener('click', () => void signOut());
  void whoIsHere().then((person) => {
    byId('person').textContent = person?.name ?? '';
    leave.hidden = person === null;
  });
}

let failures = 0;
const client = createApiClient(
  {
    connected: () => {
      failures = 0;
      showConnection('online', texts.online);
    },
    message: () => {
      lastHeard = new Date();
    },
    closed: () => {
      failures++;
      if (failures > 2) {
        showConnection('offline', texts.offline(clock.format(lastHeard)));
      } else {
        showConnection('connecting', texts.connecting);
      }
    },
  },
);
// A machine that wakes up or finds its network again does not wait for a time-out.
window.addEventListener('online', () => client.terminate());

writeTexts();
showConnection('connecting', texts.connecting);
void follow(client, {
  onSignedOut: goToSignIn,
  onBoard: (board) => {
    arrivals = board;
    lastHeard = new Date();
    draw();
  },
  onArrival: (arrival) => {
    const { list, added } = withArrival(arrivals, arrival);
    arrivals = list;
    draw(added ? arrival.id : undefined);
    if (added) {
      announce();
    }
  },
  onRefused: (reason) => showConnection('offline', texts.refused(reason)),
});
