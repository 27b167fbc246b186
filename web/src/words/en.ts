// English, the second language.

import type { Words } from './it';

const plurals = new Intl.PluralRules('en');

function forms(n: number, one: string, other: string): string {
  return plurals.select(n) === 'one' ? one : other;
}

export const en: Words = {
  waiting: 'One moment…',
  unreachable: 'The server does not answer.',
  showPassword: 'Show or hide the password',
  tryAgain: 'Try again',
  undo: 'Undo',
  close: 'Close',
  skip: 'Skip to content',
  navigation: 'Sections',
  otherLanguage: 'Italiano',
  lightMode: 'Light mode',
  darkMode: 'Dark mode',
  signOut: 'Sign out',
  profile: 'My profile',
  personMenu: (name) => `${name}: language, looks, sign out`,
  live: 'Live',
  asking: 'Updated every 30 s',
  device: 'This device',
  returning: 'Reconnecting…',
  lost: (since) => `Offline – as of ${since}`,
  palette: 'Commands',
  palettePlaceholder: 'Find a command',
  nothingFound: 'Nothing is found.',
  shortcuts: 'Keyboard shortcuts',
  keyScheme: 'Keys',
  keySchemes: { simple: 'Simple', gmail: 'As in Gmail', none: 'None' },
  keyNames: {
    ArrowDown: '↓', ArrowUp: '↑', Enter: 'Enter', Escape: 'Esc', 'Shift+ArrowDown': 'Shift+↓', 'Shift+ArrowUp': 'Shift+↑',
    Home: 'Home', End: 'End', ArrowLeft: '←', ArrowRight: '→', 'Alt+ArrowLeft': 'Alt+←', 'Alt+ArrowRight': 'Alt+→',
  },
  goTo: (place) => `Go to ${place}`,
  writeNew: 'Write a PEC',
  places: { desk: 'Sorting desk', office: 'Office', todo: 'To do', cases: 'Cases', admin: 'Administration', register: 'Register', overview: 'Overview' },
  groups: { everywhere: 'Everywhere', list: 'List', case: 'Case' },
  noSuchPage: 'There is no such page.',
  noSubject: '(no subject)',
  hidden: 'Confidential',
  someone: 'somebody',

  statuses: { TO_SORT: 'To sort', TO_ASSIGN: 'To assign', IN_PROGRESS: 'In progress', ANSWERING: 'On its way', CLOSED: 'Closed', MERGED: 'Merged' },
  urgencies: { NONE: '', DUE_SOON: 'Due soon', BREACHED: 'Overdue' },
  kinds: {
    ENVELOPE: 'Certified mail', ANOMALY: 'Anomaly envelope', ACCEPTANCE: 'Acceptance receipt', NON_ACCEPTANCE: 'Non-acceptance notice',
    TAKEN_IN_CHARGE: 'Taken in charge', DELIVERY: 'Delivery receipt', DELIVERY_ERROR: 'Non-delivery notice', DELIVERY_WARNING: 'Non-delivery warning',
    VIRUS_NOTICE: 'Virus notice', ORDINARY: 'Not certified mail',
  },
  verdicts: {
    VALID: 'Signature valid', UNTRUSTED: 'Unknown provider', EXPIRED: 'Certificate expired', ALTERED: 'Altered', UNVERIFIABLE: 'Signature cannot be verified',
    UNSIGNED: 'Not signed', IMITATION: 'Imitation of a PEC',
  },

  list: {
    empty: 'There is nothing here.',
    reading: 'Reading…',
    failed: 'The list could not be updated: what you see is from before.',
    waiting: (n) => forms(n, '1 new PEC – show', `${n} new PECs – show`),
    arrived: (n) => forms(n, '1 new PEC has arrived', `${n} new PECs have arrived`),
    selected: (n) => `${n} selected`,
    selectNone: 'Clear selection',
    next: 'Next row', previous: 'Previous row', first: 'First row', last: 'Last row', open: 'Open', back: 'Back to the list',
    select: 'Select', extendDown: 'Extend down', extendUp: 'Extend up',
    due: (at) => `Due ${at}`,
    overdue: (at) => `Was due ${at}`,
    attachments: (n) => forms(n, '1 attachment', `${n} attachments`),
    gone: (status, office) => (office ? `${status} – ${office}` : status),
  },

  desk: {
    title: 'Sorting desk',
    splits: { toSort: 'To sort', proposed: 'Proposed', doubtful: 'Anomalies and doubts', ordinary: 'Not certified', repeated: 'Duplicates', late: 'Late', moved: 'Sorted today' },
    splitsLabel: 'Parts of the mail',
    search: 'Search',
    searchPlaceholder: 'Subject or sender (3 letters)',
    allMailboxes: 'All mailboxes',
    mailbox: 'Mailbox',
    oldestFirst: 'Oldest first',
    sort: 'Sort',
    sortMany: (n) => forms(n, 'Sort 1 PEC', `Sort ${n} PECs`),
    sortTo: (office) => `Sort to ${office}`,
    officeSearch: 'Competent office',
    officePlaceholder: 'Letters of its name or code',
    note: 'Note for the office',
    sorted: (office) => `Sorted to ${office}`,
    sortedMany: (n, office) => forms(n, `1 PEC sorted to ${office}`, `${n} PECs sorted to ${office}`),
    sortedNotAll: (done, all) => `${done} of ${all} sorted: the others stay in the list`,
    undone: 'To be sorted again',
    notUndone: (why) => `It cannot be undone: ${why}`,
    refused: (why) => `Not sorted: ${why}`,
    nothingRead: 'Choose a PEC from the list.',
    allDone: 'Nothing to sort.',
    suggested: 'Suggested offices',
    reasons: {
      RULE: () => 'a rule would send it here',
      SENDER: (count, of) => `${count} of ${of} from this sender`,
      DOMAIN: (count, of) => `${count} of ${of} from this domain`,
      OFTEN: () => 'often used',
    },
  },

  message: {
    from: 'From', to: 'To', cc: 'Cc', received: 'Received', certified: 'Certified', mailbox: 'Mailbox', office: 'Office', status: 'Status',
    text: 'Message text',
    blocked: (n) => forms(n, '1 remote picture blocked', `${n} remote pictures blocked`),
    showPictures: 'Show for this message',
    attachments: 'Attachments',
    certification: 'Certification data',
    provider: 'Provider', identifier: 'Identifier', signer: 'Signed by', issuer: 'Issued by', digest: 'Algorithm', signatureTime: 'Time of signature', revocation: 'Revocation',
    original: 'Original envelope (.eml)',
    sha256: 'SHA-256',
    problems: 'Defects found',
    why: 'Why it is here', rule: 'See the rule',
    revocations: { good: 'not revoked', revoked: 'revoked', unchecked: 'not checked' },
    download: (name, size) => `${name} (${size})`,
    openCase: 'Open the case',
    lookers: (names) => `Being looked at by ${names}`,
  },

  conflict: {
    told: (what, who, at) => `${what} by ${who} at ${at}`,
  },

  cases: {
    title: 'Cases', number: (number) => `Case ${number}`, notFound: 'There is no such case, or you may not see it.',
    anyStatus: 'Any status', anyOffice: 'Any office', anyUrgency: 'Any term', urgency: 'Term', from: 'Received from', until: 'Received until',
    order: 'Order', orders: { RECEIVED_AT: 'Latest received', CHANGED_AT: 'Latest changed', DUE_AT: 'First due' },
  },
};
