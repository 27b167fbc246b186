// What arrived, as the API tells it: the list is kept by id, so that hearing of
// the same message twice changes nothing.

export interface Arrival {
  id: string;
  kind: string;
  subject: string | null;
  senderName: string | null;
  senderAddress: string | null;
  receivedAt: string;
  verdict: { status: string };
  original: { path: string };
  case: { number: string; routeReason: string; office: { name: string } | null } | null;
  deliveries: { nodes: { mailbox: { address: string } | null }[] };
}

/** Most rows shown; older ones make room. */
export const mostRows = 200;

/** The list with one more arrival, newest first; `added` is false when it was known. */
export function withArrival(list: readonly Arrival[], arrival: Arrival): { list: Arrival[]; added: boolean } {
  const known = list.findIndex((a) => a.id === arrival.id);
  if (known >= 0) {
    return { list: list.with(known, arrival), added: false };
  }
  const place = list.findIndex((a) => Date.parse(a.receivedAt) <= Date.parse(arrival.receivedAt));
  const at = place < 0 ? list.length : place;
  const next = [...list.slice(0, at), arrival, ...list.slice(at)].slice(0, mostRows);
  return { list: next, added: at < mostRows };
}

const fields = `fragment Arrival on Message {
  id kind subject senderName senderAddress receivedAt
  verdict { status }
  original { path }
  case { number routeReason office { name } }
  deliveries(first: 1) { nodes { mailbox { address } } }
}`;

/** The newest arrivals, and where the register ended before they were read. */
export const boardQuery = `query Board($first: Int!) {
  registerHead
  messages(first: $first, filter: { direction: INCOMING, kinds: [ENVELOPE, ANOMALY, ORDINARY] }) { nodes { ...Arrival } }
}
${fields}`;

/** Everything that opened or joined a case after a cursor. */
export const arrivalsSubscription = `subscription Arrivals($after: Cursor!) {
  events(after: $after, filter: { kinds: [CASE_OPENED, CASE_JOINED] }) {
    cursor
    ... on CaseOpened { message { ...Arrival } }
    ... on CaseJoined { message { ...Arrival } }
  }
}
${fields}`;
