// What waited for the network, done now; and done anyway when the person wants that
// although somebody was faster.

import { ask } from '../api/ask';
import { command } from '../casework/acts';
import { refusalOf } from '../casework/refusal';
import { words as caseworkWords } from '../casework/words';
import { CasesByIdDocument, type CaseListedFragment, type ErrorFragment } from '../generated/graphql';
import type { Row, Rows } from '../live/rows';
import { datesFor } from '../words/dates';
import { en } from '../words/en';
import { it } from '../words/it';
import { firstLanguage } from '../words/words';
import { goalOf, type Deed } from './queue';
import { words } from './words';

/** Does it; resolves to why it was refused, or nothing when things are as they were to be. */
export async function doAsWanted(deed: Deed, rows: Rows): Promise<string | undefined> {
  const { case: acted, userErrors } = await command(deed.act, { id: deed.caseId, version: deed.version });
  if (userErrors.length === 0) {
    if (acted) {
      rows.put(acted);
    }
    return undefined;
  }
  const now = await caseNow(deed.caseId);
  if (now) {
    rows.put(now);
  }
  return now && isSo(deed, now) ? undefined : why(userErrors, now);
}

/** Does it to the case as it is now: what went elsewhere is taken back first. */
export async function doAnyway(deed: Deed, rows: Rows): Promise<string | undefined> {
  let now = await caseNow(deed.caseId);
  if (now && deed.act.does === 'SORT' && now.status !== 'TO_SORT') {
    const { userErrors } = await command({ does: 'TAKE_BACK', text: words[firstLanguage()].takeBackReason }, now);
    if (userErrors.length > 0) {
      return why(userErrors, now);
    }
    now = await caseNow(deed.caseId);
  }
  return now ? doAsWanted({ ...deed, version: now.version }, rows) : deed.refused;
}

function isSo({ act }: Deed, now: Row): boolean {
  return act.does === 'SORT' ? now.status !== 'TO_SORT' && now.office?.id === act.office.id : now.assignee?.id === goalOf(act).id;
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
  const { text, version } = refusalOf(errors, now ?? null, speech, caseworkWords[language]);
  return version === undefined ? text : words[language].meanwhile(text);
}
