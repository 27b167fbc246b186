import type { Enclosed } from './kinds';
import { NotOpened } from './fetched';

interface Address {
  name: string;
  address: string;
}

/** A message that is attached to another one, as the server answers (package server, nested.go). */
export interface Nested {
  subject: string;
  from: Address[];
  to: Address[];
  cc: Address[];
  sentAt: string | null;
  text: string;
  bodyPath: string;
  html: boolean;
  attachments: (Enclosed & { inline: boolean })[];
}

export async function readNested(path: string, signal: AbortSignal): Promise<Nested> {
  const response = await fetch(path, { signal, headers: { Accept: 'application/json' } });
  if (!response.ok) {
    throw new NotOpened(response.status);
  }
  return (await response.json()) as Nested;
}
