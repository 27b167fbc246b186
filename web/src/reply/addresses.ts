// Addresses as people type and paste them.

import type { AddressInput } from '../generated/graphql';

/** Whether an address can be one; the server has the last word. */
export function isAddress(text: string): boolean {
  return /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]{2,}$/.test(text);
}

/** The addresses of a text as `Anna Morandi <anna@pec.example>; altro@pec.example`. */
export function addressesOf(text: string): AddressInput[] {
  return text.split(/[;,\n]+(?=(?:[^"]*"[^"]*")*[^"]*$)/).flatMap((part) => {
    const [, name = '', address = ''] = /^\s*"?([^"<]*?)"?\s*<([^>]*)>\s*$/.exec(part) ?? ['', '', part.trim()];
    return address.trim() === '' ? [] : address.trim().split(/\s+/).map((a) => ({ name: name.trim(), address: a }));
  });
}

/** A list with more addresses, none of them twice. */
export function withAddresses(list: readonly AddressInput[], more: readonly AddressInput[]): AddressInput[] {
  const all = [...list];
  for (const one of more) {
    if (!all.some((a) => a.address.toLowerCase() === one.address.toLowerCase())) {
      all.push(one);
    }
  }
  return all;
}
