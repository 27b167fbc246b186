// What the sorting desk says beyond its first sight.

import { forms } from '../words/it';

const inEnglish = new Intl.PluralRules('en');
const formsInEnglish = (n: number, one: string, other: string): string => (inEnglish.select(n) === 'one' ? one : other);

const it = {
  movements: 'Movimenti e ritardi',
  views: 'Viste salvate',
  splitsWidth: 'Larghezza delle parti',
  listWidth: 'Larghezza dell’elenco',
  allOfFilter: (n: string) => `Seleziona tutte le ${n} del filtro`,
  readingAll: (n: string) => `Si leggono: ${n}`,
  more: 'Altri comandi',
  informed: (n: number) => (n === 0 ? 'Anche per conoscenza a…' : forms(n, 'Per conoscenza a 1 ufficio', `Per conoscenza a ${n} uffici`)),
  findOffice: 'Cercare un ufficio',
  informedTold: 'La competenza è di un solo ufficio; questi altri la vedono.',
  sortedAnd: (office: string, others: string) => `Smistata a ${office}, per conoscenza a ${others}`,
  anyway: 'Smista comunque',
  job: {
    running: (done: string, total: string) => `Smistate ${done} di ${total}…`,
    ended: (done: string, total: string) => `Smistate ${done} di ${total}`,
    failed: (n: number) => forms(n, '1 non riuscita', `${n} non riuscite`),
    list: 'Quelle non riuscite restano da smistare:',
  },
};

const en: typeof it = {
  movements: 'Movements and delays',
  views: 'Saved views',
  splitsWidth: 'Width of the parts',
  listWidth: 'Width of the list',
  allOfFilter: (n) => `Select all ${n} of the filter`,
  readingAll: (n) => `Reading: ${n}`,
  more: 'More commands',
  informed: (n) => (n === 0 ? 'Also for information to…' : formsInEnglish(n, 'For information to 1 office', `For information to ${n} offices`)),
  findOffice: 'Find an office',
  informedTold: 'One office alone is competent; these others see it.',
  sortedAnd: (office, others) => `Sorted to ${office}, for information to ${others}`,
  anyway: 'Sort anyway',
  job: {
    running: (done, total) => `${done} of ${total} sorted…`,
    ended: (done, total) => `${done} of ${total} sorted`,
    failed: (n) => formsInEnglish(n, '1 failed', `${n} failed`),
    list: 'Those that failed remain to be sorted:',
  },
};

export const words = { it, en };
