// What is looked at, and how, stands in the address: it can be kept, sent, and come
// back to.

import { useCallback, useMemo, useRef } from 'react';
import { useLocation, useSearch } from 'wouter';

/** What an address says after its question mark, by name. */
export type Said = Readonly<Record<string, string | undefined>>;

/** Reads what the address of this page says, and gives a way to change some of it. */
export function useAddress<S extends { [name in keyof S]?: string | undefined }>(
  read: (said: Said) => S,
): [S, (change: Partial<S>, how?: { replace?: boolean }) => void] {
  const text = useSearch();
  const [, navigate] = useLocation();
  const state = useMemo(() => read(Object.fromEntries(new URLSearchParams(text))), [read, text]);
  const current = useRef(state);
  current.current = state;
  const change = useCallback((some: Partial<S>, how?: { replace?: boolean }) => {
    const next = { ...current.current, ...some };
    current.current = next; // a second change before the first is drawn keeps the first
    navigate(`${location.pathname}${searchOf(next)}`, how);
  }, [navigate]);
  return [state, change];
}

/** The part of an address that says all this; empty when there is nothing to say. */
export function searchOf(state: Readonly<Record<string, string | undefined>>): string {
  const said = new URLSearchParams(Object.entries(state).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
  return said.size > 0 ? `?${said}` : '';
}

/** The page of a case, by its number as 2026/000114. */
export function caseAddress(number: string): string {
  return `/cases/${number}`;
}
