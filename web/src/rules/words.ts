// The texts of the rules.

import type { RuleState } from '../generated/graphql';
import { forms } from '../words/it';
import type { Field, Mode, Test } from './condition';

const cases = (n: number): string => forms(n, '1 pratica', `${n} pratiche`);

const it = {
  said: 'Una PEC nuova segue la prima regola che vale, dall’alto in basso; senza regola va all’ufficio della sua casella, o allo smistamento.',
  list: 'Regole, nell’ordine in cui si applicano',
  group: 'Regole',
  none: 'Non ci sono regole: ogni PEC va all’ufficio della sua casella, o allo smistamento.',
  search: 'Cerca una regola',
  notFound: 'Questa regola non c’è, o non la puoi vedere.',
  states: { DRAFT: 'Bozza', ON: 'Attiva', OFF: 'Disattivata' } satisfies Record<RuleState, string>,
  ofConfiguration: 'Dal file di configurazione',
  changeThere: 'Questa regola si cambia nel file di configurazione, sotto [[rule]].',
  removed: (at: string) => `Tolta dall’elenco il ${at}`,
  hits: (n: number) => (n === 0 ? 'Nessuna pratica' : cases(n)),
  lastHit: (at: string) => `l’ultima il ${at}`,
  version: (n: number) => `Versione ${n}`,
  facts: { state: 'Stato', hits: 'Ha smistato', priority: 'Priorità', version: 'Versione', origin: 'Tenuta da' },
  byPeople: 'Amministratori',

  warnings: {
    unreadable: 'La condizione non si legge: questa regola non smista niente.',
    shadowed: (name: string) => `Non decide mai: «${name}» viene prima e prende tutto quello che prenderebbe questa.`,
    shadowedShort: (name: string) => `Coperta da «${name}»`,
    idle: 'È attiva, ma finora non ha smistato nessuna PEC.',
    idleShort: 'Mai applicata',
    stillFor: (days: number) => `Non applicata da più di ${days} giorni`,
  },

  review: {
    run: (days: number) => `Controlla sugli ultimi ${days} giorni`,
    told: 'Chiede alle regole attive, nell’ordine di ora, delle PEC già arrivate: quali non decidono, e chi viene prima. Resta nel registro.',
    running: 'Si guardano le PEC già arrivate…',
    done: (looked: number, days: number) => `${forms(looked, '1 PEC guardata', `${looked} PEC guardate`)}, degli ultimi ${days} giorni.`,
    taken: (n: number) => forms(n, 'ne prende 1', `ne prende ${n}`),
    none: 'non ne prende nessuna',
    never: (names: string) => `Non decide mai: prima viene ${names}`,
    before: (name: string, n: number) => `«${name}» (${n})`,
    partly: (names: string) => `prima ne prende ${names}`,
  },

  add: 'Nuova regola', edit: 'Modifica', tryIt: 'Prova', switchOn: 'Attiva…', switchOff: 'Disattiva', history: 'Versioni', remove: 'Togli dall’elenco…', copy: 'Scrivine una uguale',
  up: 'Sposta su', down: 'Sposta giù', back: 'Torna all’elenco', next: 'Regola seguente', previous: 'Regola precedente', backToRule: 'Torna alla regola',
  offFirst: 'Prima va disattivata',
  actions: 'Cosa fare della regola',
  drag: (name: string) => `Trascina per spostare «${name}»`,
  upOf: (name: string) => `Sposta su «${name}»`,
  downOf: (name: string) => `Sposta giù «${name}»`,
  moved: (name: string, place: number, of: number) => `«${name}» ora è la numero ${place} di ${of}`,
  movedBack: (name: string) => `«${name}» è tornata al suo posto`,
  switchedOn: (name: string) => `«${name}» è attiva: vale dalla prossima PEC`,
  switchedOff: (name: string) => `«${name}» non smista più`,
  saved: (name: string) => `«${name}» è salvata`,
  savedDraft: (name: string) => `«${name}» è salvata come bozza`,
  removedNow: (name: string) => `«${name}» è tolta dall’elenco`,
  restored: (name: string, n: number) => `«${name}» è tornata alla versione ${n}`,
  refused: (why: string) => `Non fatto: ${why}`,

  removal: {
    title: (name: string) => `Togliere «${name}»`,
    told: (hits: number) => `La regola sparisce dall’elenco e non vi si può rimettere. Le ${cases(hits)} che ha smistato restano dove sono e continuano a nominarla; le sue versioni restano leggibili, e da lì se ne può scrivere una uguale.`,
    toldNone: 'La regola sparisce dall’elenco e non vi si può rimettere. Non ha smistato nessuna pratica; le sue versioni restano leggibili.',
    type: (name: string) => `Per confermare, scrivere il nome: ${name}`,
    confirm: 'Togli dall’elenco',
  },

  sentence: {
    if: 'SE', then: 'ALLORA', to: 'a', toPerson: (name: string) => ` (${name})`,
    and: ' e ', or: ' o ', noneOf: 'non vale nessuna fra ', notAllOf: 'non valgono tutte fra ', nothing: '…',
    /** A leaf in words; what is not yet said is three dots. */
    leaf: (field: Field, test: Test, not: boolean, value: string): string => {
      const non = not ? 'non ' : '';
      switch (field) {
        case 'mailbox': return `la casella ${non}è ${value}`;
        case 'sender': return test === 'domain' ? `il mittente ${non}è del dominio ${value}` : `il mittente ${non}è ${value}`;
        case 'subject': case 'text': {
          const what = field === 'subject' ? 'l’oggetto' : 'il testo';
          return test === 'words' ? `${what} ${non}contiene ${value}` : test === 'prefix' ? `${what} ${non}contiene parole che iniziano per ${value}` : `${what} ${non}contiene parole con dentro ${value}`;
        }
        case 'attachment': return test === 'type' ? `${non}c’è un allegato di tipo ${value}` : `${non}c’è un allegato che finisce per ${value}`;
      }
    },
  },

  form: {
    add: 'Nuova regola',
    edit: (name: string) => `Modifica di «${name}»`,
    name: 'Nome', nameTold: 'Compare nella pratica come motivo: «regola …».',
    if: 'SE', then: 'ALLORA',
    office: 'All’ufficio', chooseOffice: 'Scegliere un ufficio',
    assignee: 'A una persona', head: 'Decide il capo ufficio',
    priority: 'Priorità', priorityTold: 'Da 0 a 100000: più è bassa, prima si applica. Fra regole di pari priorità conta l’ordine dell’elenco.',
    preview: 'Si legge così',
    modes: { all: 'valgono tutte', any: 'ne vale almeno una', none: 'non ne vale nessuna', notAll: 'non valgono tutte' } satisfies Record<Mode, string>,
    mode: 'Quando vale il gruppo',
    groupLabel: (depth: number): string => (depth === 0 ? 'Condizioni' : 'Gruppo di condizioni'),
    field: 'Che cosa', test: 'Come', value: 'Valore',
    fields: { mailbox: 'la casella', sender: 'il mittente', subject: 'l’oggetto', text: 'il testo', attachment: 'un allegato' } satisfies Record<Field, string>,
    tests: {
      is: ['è', 'non è'], address: ['è l’indirizzo', 'non è l’indirizzo'], domain: ['è del dominio', 'non è del dominio'],
      words: ['contiene', 'non contiene'], prefix: ['ha parole che iniziano per', 'non ha parole che iniziano per'], part: ['ha parole con dentro', 'non ha parole con dentro'],
      name: ['finisce per', 'nessuno finisce per'], type: ['è di tipo', 'nessuno è di tipo'],
    } satisfies Record<Test, [string, string]>,
    hints: {
      is: '', address: 'nome@dominio.it; * sta per qualunque lettera', domain: 'esempio.it', words: 'parole intere, una dopo l’altra',
      prefix: 'inizio della parola: fattur', part: 'lettere dentro la parola', name: '.xml.p7m', type: 'application/pdf, image/*',
    } satisfies Record<Test, string>,
    chooseMailbox: 'Scegliere una casella',
    addLeaf: 'Aggiungi condizione', addGroup: 'Aggiungi gruppo', removeLeaf: (n: number) => `Togli la condizione ${n}`, removeGroup: 'Togli il gruppo',
    ignores: 'Maiuscole e accenti non contano.',
    missing: { name: 'Scrivere un nome.', office: 'Scegliere un ufficio.', value: 'Scrivere un valore.', mailbox: 'Scegliere una casella.', group: 'Il gruppo è vuoto.', priority: 'Un numero da 0 a 100000.' },
    wrong: (n: number) => forms(n, 'C’è una cosa da correggere.', `Ci sono ${n} cose da correggere.`),
    saveDraft: 'Salva come bozza', saveAndOn: 'Salva e attiva', save: 'Salva', saveOn: 'Salva: vale subito', cancel: 'Annulla',
    tryFirst: 'Per attivarla, provare prima questa versione.',
    tryFirstOn: 'È attiva: quello che si salva vale dalla prossima PEC. Provare prima questa versione.',
    resumed: 'Si riprende da quello che era scritto e non salvato.', discard: 'Scarta',
    stale: (who: string, at: string) => `${who} l’ha cambiata il ${at}, mentre la si modificava qui. Niente di quello che è scritto qui è perso.`,
    removedMeanwhile: (who: string, at: string) => `${who} l’ha tolta dall’elenco il ${at}. Quello che è scritto qui si può salvare come regola nuova.`,
    theirs: 'Ora dice',
    overwrite: 'Salva comunque la mia', takeTheirs: 'Riparti dalla sua', keepMine: 'Vado avanti con la mia',
    taken: 'Si riparte da quello che dice ora',
  },

  trial: {
    title: 'Prova sul passato',
    told: 'Che cosa avrebbe fatto la regola con le PEC già arrivate. Non sposta niente; nel registro resta chi ha provato che cosa.',
    last: 'Su quali PEC', span: ({ last, days }: { last?: number; days?: number }) => (days ? `quelle degli ultimi ${days} giorni` : `le ultime ${last}`),
    run: 'Prova', again: 'Prova di nuovo',
    running: (span: string) => `Si prova su ${span}…`, soFar: (n: number) => forms(n, '1 PEC guardata finora', `${n} PEC guardate finora`), stop: 'Ferma',
    looked: (looked: number) => forms(looked, '1 PEC guardata', `${looked} PEC guardate`),
    taken: (n: number) => forms(n, '1 presa dalla regola', `${n} prese dalla regola`),
    moved: (n: number) => forms(n, '1 andrebbe altrove', `${n} andrebbero altrove`),
    dead: 'Nessuna delle PEC guardate sarebbe stata presa: la condizione è forse troppo stretta, o una regola viene prima.',
    still: 'Nessuna PEC andrebbe altrove.',
    cut: 'Non sono state guardate tutte: il tempo non è bastato, o sono più di 2000.',
    fewer: (asked: number) => `Se ne erano chieste ${asked}: di più, che abbiano aperto una pratica e possano far parte della prova, non ce ne sono.`,
    untold: 'Delle pratiche che non puoi leggere si contano solo gruppi di cinque o più: i numeri possono essere più alti di così.',
    movesTitle: 'Da dove a dove', from: 'Ora va a', to: 'Con la regola', count: 'PEC', desk: 'Smistamento',
    overlaps: 'Regole che vengono prima', overlap: (n: number) => forms(n, 'ne prende 1 per cui varrebbe anche questa', `ne prende ${n} per cui varrebbe anche questa`),
    casesTitle: 'Quali', casesTold: 'Le prime 100 che puoi leggere.',
    noCases: 'Fra queste non ce n’è nessuna che puoi leggere: una prova non fa leggere le PEC.',
    case: 'Pratica', subject: 'Oggetto e mittente', now: 'Dov’è adesso',
    agrees: 'come la regola', differs: 'altrove', waits: 'da smistare',
    agreement: (same: number, of: number) => `Fra quelle elencate, ${of === 1 ? 'una è stata mandata' : `${of} sono state mandate`} a un ufficio dalle persone: ${forms(same, '1 dove la manderebbe la regola', `${same} dove le manderebbe la regola`)}.`,
    changed: 'Dopo questa prova le regole sono cambiate: provare di nuovo prima di attivare.',
    edited: 'Dopo questa prova la regola qui sopra è stata cambiata: provare di nuovo.',
    switchOn: 'Attiva questa versione',
    isOn: 'La regola è già attiva: questa prova dice che cosa cambierebbe senza.',
    failed: (why: string) => `La prova non è riuscita: ${why}`,
    untried: 'Attiva senza prova',
  },

  versions: {
    title: 'Versioni',
    how: { added: 'Scritta', changed: 'Cambiata', on: 'Attivata', off: 'Disattivata', moved: 'Spostata', restored: 'Riportata a una versione di prima', removed: 'Tolta dall’elenco' } as Record<string, string>,
    by: (who: string, at: string) => `da ${who} il ${at}`,
    current: 'Com’è ora',
    restoreOf: (n: number) => `Torna alla versione ${n}`,
    confirm: (n: number) => `La regola è attiva: dalla prossima PEC varrà come nella versione ${n}.`,
    none: 'Della configurazione non si tengono versioni.',
    changes: { name: 'nome', condition: 'condizione', office: 'ufficio', assignee: 'persona', priority: 'priorità' },
    changed: (what: string) => `Cambia: ${what}`,
    asNow: 'Dice quello che dice ora',
    priority: (n: number) => `priorità ${n}`,
  },
};

const plurals = new Intl.PluralRules('en');
const few = (n: number, one: string, other: string): string => (plurals.select(n) === 'one' ? one : other);
const casesEn = (n: number): string => few(n, '1 case', `${n} cases`);

const en: typeof it = {
  said: 'A new PEC follows the first rule that holds, from the top down; without one it goes to the office of its mailbox, or to the sorting desk.',
  list: 'Rules, in the order in which they are asked',
  group: 'Rules',
  none: 'There are no rules: each PEC goes to the office of its mailbox, or to the sorting desk.',
  search: 'Find a rule',
  notFound: 'There is no such rule, or you may not see it.',
  states: { DRAFT: 'Draft', ON: 'On', OFF: 'Off' },
  ofConfiguration: 'From the configuration file',
  changeThere: 'This rule is changed in the configuration file, under [[rule]].',
  removed: (at) => `Taken off the list on ${at}`,
  hits: (n) => (n === 0 ? 'No case' : casesEn(n)),
  lastHit: (at) => `the last one on ${at}`,
  version: (n) => `Version ${n}`,
  facts: { state: 'State', hits: 'Routed', priority: 'Priority', version: 'Version', origin: 'Kept by' },
  byPeople: 'Administrators',

  warnings: {
    unreadable: 'The condition cannot be read: this rule routes nothing.',
    shadowed: (name) => `It never decides: “${name}” comes before and takes all that this one would take.`,
    shadowedShort: (name) => `Covered by “${name}”`,
    idle: 'It is on, and has routed no PEC yet.',
    idleShort: 'Never applied',
    stillFor: (days) => `Not applied for more than ${days} days`,
  },

  review: {
    run: (days) => `Check on the last ${days} days`,
    told: 'Asks the rules that are on, in their order of now, about the PECs that came: which do not decide, and what comes before them. It stands in the register.',
    running: 'The PECs that came are looked at…',
    done: (looked, days) => `${few(looked, '1 PEC looked at', `${looked} PECs looked at`)}, of the last ${days} days.`,
    taken: (n) => `takes ${n}`,
    none: 'takes none',
    never: (names) => `It never decides: before it comes ${names}`,
    before: (name, n) => `“${name}” (${n})`,
    partly: (names) => `some are taken before by ${names}`,
  },

  add: 'New rule', edit: 'Edit', tryIt: 'Try', switchOn: 'Switch on…', switchOff: 'Switch off', history: 'Versions', remove: 'Take off the list…', copy: 'Write one like it',
  up: 'Move up', down: 'Move down', back: 'Back to the list', next: 'Next rule', previous: 'Previous rule', backToRule: 'Back to the rule',
  offFirst: 'Switch it off first',
  actions: 'What to do with the rule',
  drag: (name) => `Drag to move “${name}”`,
  upOf: (name) => `Move “${name}” up`,
  downOf: (name) => `Move “${name}” down`,
  moved: (name, place, of) => `“${name}” is number ${place} of ${of} now`,
  movedBack: (name) => `“${name}” is back in its place`,
  switchedOn: (name) => `“${name}” is on: it holds from the next PEC`,
  switchedOff: (name) => `“${name}” routes no longer`,
  saved: (name) => `“${name}” is saved`,
  savedDraft: (name) => `“${name}” is saved as a draft`,
  removedNow: (name) => `“${name}” is off the list`,
  restored: (name, n) => `“${name}” is back at version ${n}`,
  refused: (why) => `Not done: ${why}`,

  removal: {
    title: (name) => `Take off “${name}”`,
    told: (hits) => `The rule leaves the list and cannot be put back. The ${casesEn(hits)} that it routed stay where they are and go on naming it; its versions stay to be read, and one like it can be written from there.`,
    toldNone: 'The rule leaves the list and cannot be put back. It routed no case; its versions stay to be read.',
    type: (name) => `To confirm, type the name: ${name}`,
    confirm: 'Take off the list',
  },

  sentence: {
    if: 'IF', then: 'THEN', to: 'to', toPerson: (name) => ` (${name})`,
    and: ' and ', or: ' or ', noneOf: 'none holds of ', notAllOf: 'not all hold of ', nothing: '…',
    leaf: (field, test, not, value) => {
      switch (field) {
        case 'mailbox': return `the mailbox is ${not ? 'not ' : ''}${value}`;
        case 'sender': return test === 'domain' ? `the sender is ${not ? 'not ' : ''}of the domain ${value}` : `the sender is ${not ? 'not ' : ''}${value}`;
        case 'subject': case 'text': {
          const what = `the ${field} ${not ? 'has no' : 'has'}`;
          return test === 'words' ? `the ${field} ${not ? 'does not contain' : 'contains'} ${value}` : test === 'prefix' ? `${what} words beginning with ${value}` : `${what} words with ${value} inside`;
        }
        case 'attachment': return `there is ${not ? 'no' : 'an'} attachment ${test === 'type' ? 'of type' : 'ending in'} ${value}`;
      }
    },
  },

  form: {
    add: 'New rule',
    edit: (name) => `Editing “${name}”`,
    name: 'Name', nameTold: 'Stands in the case as the reason: “rule …”.',
    if: 'IF', then: 'THEN',
    office: 'To the office', chooseOffice: 'Choose an office',
    assignee: 'To a person', head: 'The head decides',
    priority: 'Priority', priorityTold: '0 to 100000: lower is asked first. Among equals the order of the list counts.',
    preview: 'It reads',
    modes: { all: 'all hold', any: 'at least one holds', none: 'none holds', notAll: 'not all hold' },
    mode: 'When the group holds',
    groupLabel: (depth) => (depth === 0 ? 'Conditions' : 'Group of conditions'),
    field: 'What', test: 'How', value: 'Value',
    fields: { mailbox: 'the mailbox', sender: 'the sender', subject: 'the subject', text: 'the text', attachment: 'an attachment' },
    tests: {
      is: ['is', 'is not'], address: ['is the address', 'is not the address'], domain: ['is of the domain', 'is not of the domain'],
      words: ['contains', 'does not contain'], prefix: ['has words beginning with', 'has no words beginning with'], part: ['has words with … inside', 'has no words with … inside'],
      name: ['ends in', 'none ends in'], type: ['is of type', 'none is of type'],
    },
    hints: {
      is: '', address: 'name@domain.it; * stands for any letters', domain: 'example.it', words: 'whole words, one after the other',
      prefix: 'beginning of the word: fattur', part: 'letters within the word', name: '.xml.p7m', type: 'application/pdf, image/*',
    },
    chooseMailbox: 'Choose a mailbox',
    addLeaf: 'Add a condition', addGroup: 'Add a group', removeLeaf: (n) => `Remove condition ${n}`, removeGroup: 'Remove the group',
    ignores: 'Neither capitals nor accents count.',
    missing: { name: 'Write a name.', office: 'Choose an office.', value: 'Write a value.', mailbox: 'Choose a mailbox.', group: 'The group is empty.', priority: 'A number from 0 to 100000.' },
    wrong: (n) => few(n, 'There is one thing to correct.', `There are ${n} things to correct.`),
    saveDraft: 'Save as a draft', saveAndOn: 'Save and switch on', save: 'Save', saveOn: 'Save: it holds at once', cancel: 'Cancel',
    tryFirst: 'To switch it on, try this version first.',
    tryFirstOn: 'It is on: what is saved holds from the next PEC. Try this version first.',
    resumed: 'It goes on with what was written and not saved.', discard: 'Discard',
    stale: (who, at) => `${who} changed it on ${at}, while it was edited here. Nothing that is written here is lost.`,
    removedMeanwhile: (who, at) => `${who} took it off the list on ${at}. What is written here can be saved as a new rule.`,
    theirs: 'It says now',
    overwrite: 'Save mine all the same', takeTheirs: 'Begin with theirs', keepMine: 'I go on with mine',
    taken: 'It begins with what it says now',
  },

  trial: {
    title: 'Trial on the past',
    told: 'What the rule would have done with the PECs that came. It moves nothing; who tried what stands in the register.',
    last: 'On which PECs', span: ({ last, days }) => (days ? `those of the last ${days} days` : `the last ${last}`),
    run: 'Try', again: 'Try again',
    running: (span) => `It is tried on ${span}…`, soFar: (n) => few(n, '1 PEC looked at so far', `${n} PECs looked at so far`), stop: 'Stop',
    looked: (looked) => few(looked, '1 PEC looked at', `${looked} PECs looked at`),
    taken: (n) => few(n, '1 taken by the rule', `${n} taken by the rule`),
    moved: (n) => few(n, '1 would go elsewhere', `${n} would go elsewhere`),
    dead: 'None of the PECs that were looked at would have been taken: the condition may be too narrow, or a rule comes before.',
    still: 'No PEC would go elsewhere.',
    cut: 'Not all were looked at: time ran out, or there are more than 2,000.',
    fewer: (asked) => `${asked} were asked for: there are no more that opened a case and may take part in the trial.`,
    untold: 'Of cases that you may not read only groups of five or more are counted: the numbers may be higher.',
    movesTitle: 'From where to where', from: 'Goes now to', to: 'With the rule', count: 'PECs', desk: 'Sorting desk',
    overlaps: 'Rules that come before', overlap: (n) => few(n, 'takes 1 for which this one would hold too', `takes ${n} for which this one would hold too`),
    casesTitle: 'Which', casesTold: 'The first 100 that you may read.',
    noCases: 'There is none among them that you may read: a trial is no way to read PECs.',
    case: 'Case', subject: 'Subject and sender', now: 'Where it is now',
    agrees: 'as the rule', differs: 'elsewhere', waits: 'to sort',
    agreement: (same, of) => `Of those listed, ${of === 1 ? 'one was sent' : `${of} were sent`} to an office by people: ${same} where the rule would send ${same === 1 ? 'it' : 'them'}.`,
    changed: 'The rules have changed since this trial: try again before you switch on.',
    edited: 'The rule above was changed since this trial: try again.',
    switchOn: 'Switch on this version',
    isOn: 'The rule is on already: this trial says what would change without it.',
    failed: (why) => `The trial did not succeed: ${why}`,
    untried: 'Switch on without a trial',
  },

  versions: {
    title: 'Versions',
    how: { added: 'Written', changed: 'Changed', on: 'Switched on', off: 'Switched off', moved: 'Moved', restored: 'Set back to an earlier version', removed: 'Taken off the list' },
    by: (who, at) => `by ${who} on ${at}`,
    current: 'As it is now',
    restoreOf: (n) => `Back to version ${n}`,
    confirm: (n) => `The rule is on: from the next PEC it will hold as in version ${n}.`,
    none: 'No versions are kept of the configuration.',
    changes: { name: 'name', condition: 'condition', office: 'office', assignee: 'person', priority: 'priority' },
    changed: (what) => `Changes: ${what}`,
    asNow: 'Says what it says now',
    priority: (n) => `priority ${n}`,
  },
};

export const words = { it, en };
export type RulesWords = typeof it;
