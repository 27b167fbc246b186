// A sorting that waited for the network, done now; and done anyway when the person
// wants that although somebody was faster.

import { ask } from '../api/ask';
import { CasesBulkDocument, CasesByIdDocument, CaseSortDocument, type CaseListedFragment, type ErrorFragment } from '../generated/graphql';
import { told } from '../desk/sorting';
import type { Rows } from '../live/rows';
import { datesFor } from '../words/dates';
import { en } from '../words/en';
import { it } from '../words/it';
import { firstLanguage } from '../words/words';
import type { Deed } from './queue';
import { words } from './words';

/** Sorts; resolves to why it was refused, or nothing when it is where it was to go. */
export async function sortAsWanted(deed: Deed, rows: Rows): Promise<string | undefined> {
  const { caseSort: sorted } = await ask(CaseSortDocument, {
    input: { caseId: deed.caseId, version: deed.version, officeId: deed.office.id, note: deed.note || null },
  });
  if (sorted.userErrors.length === 0) {
    if (sorted.case) {
      rows.put(sorted.case);
    }
    return undefined;
  }
  const now = await caseNow(deed.caseId);
  if (now) {
    rows.put(now);
  }
  return now && now.status !== 'TO_SORT' && now.office?.id === deed.office.id ? undefined : why(sorted.userErrors, now);
}

/** Sorts although it was refused: from the desk as it is now, or taken back from where it went. */
export async function sortAnyway(deed: Deed, rows: Rows): Promise<string | undefined> {
  const language = firstLanguage();
  const now = await caseNow(deed.caseId);
  if (!now) {
    return deed.refused;
  }
  let { version } = now;
  if (now.status !== 'TO_SORT') {
    const { casesBulk: back } = await ask(CasesBulkDocument, {
      input: { command: 'TAKE_BACK', cases: [{ caseId: now.id, version }], reason: words[language].takeBackReason },
    });
    const troubles = [...back.userErrors, ...back.outcomes.flatMap((o) => o.userErrors)];
    if (troubles.length > 0) {
      return why(troubles, now);
    }
    version = (await caseNow(deed.caseId))?.version ?? version;
  }
  return sortAsWanted({ ...deed, version }, rows);
}

async function caseNow(id: string): Promise<CaseListedFragment | undefined> {
  const { nodes } = await ask(CasesByIdDocument, { ids: [id] });
  const [node] = nodes;
  return node && 'number' in node ? node : undefined;
}

/** Who was faster and what they did, in the language of the person. */
function why(errors: readonly ErrorFragment[], now: CaseListedFragment | undefined): string {
  const language = firstLanguage();
  const speech = language === 'it' ? { t: it, dates: datesFor('it-IT') } : { t: en, dates: datesFor('en-GB') };
  const stale = errors.find((e) => e.__typename === 'StaleCaseError');
  const last = stale?.changes.at(-1);
  return last && now?.office && now.status !== 'TO_SORT'
    ? words[language].meanwhile(last.actor || speech.t.someone, now.office.name, speech.dates.clock(last.at))
    : told(errors, speech);
}
