import type { CaseRowFragment } from '../generated/graphql';
import type { RoutingWords } from './routing-words';

/** Why a case stands where it is, in words; empty when that is not known. */
export function routingSaid(routing: CaseRowFragment['routing'] | undefined, w: RoutingWords): string {
  if (!routing) { // of a page that this device keeps from before
    return '';
  }
  const why = w.why[routing.why](routing);
  const doubt = routing.doubt ? w.doubts[routing.doubt] : '';
  return why === '' || doubt === '' ? why || doubt : `${why}; ${w.attention(doubt)}`;
}
