// What can be shown in place: one line for each kind, the first that fits is taken.
// A new kind is a file with a component and a line here.

import type { ComponentType, LazyExoticComponent } from 'react';
import { lazy } from '../shell/lazily';

/** A file that came with a message, as the message tells of it. */
export interface Enclosed {
  name: string;
  /** As declared: it may be wrong. */
  mediaType: string;
  size: number;
  /** From where it is downloaded. */
  path: string;
  sha256?: string | undefined;
  /** Where what it says is read, when it is a message. */
  nestedPath: string | null;
}

/** What a file holds, as far as its kind needs it. */
export interface Content {
  /** Media type by content, as the server recognised it; empty when it is none that is shown as it is. */
  type: string;
  charset: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether there is more of it than was read. */
  cut: boolean;
  /** The whole, of which `bytes` is the first part, where it is big and is shown part by part. */
  whole?: Whole;
}

/** A file that is read as far as it is looked at. */
export interface Whole {
  size: number;
  read(begin: number, end: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

export interface ViewProps {
  file: Enclosed;
  content: Content;
}

export interface Kind {
  /** Whether it shows a file; of type null before its content was looked at. */
  shows(file: Enclosed, type: string | null): boolean;
  /** How many bytes of it are read at most. */
  reads: number;
  /** Whether it can show a file of which it is given the first part, and reads others itself. */
  inParts?: true;
  View: LazyExoticComponent<ComponentType<ViewProps>>;
}

export const kinds: readonly Kind[] = [
  { shows: (file) => file.nestedPath !== null, reads: 0, View: lazy(() => import('./nested')) },
  { shows: (_, type) => type === 'application/pdf', reads: Infinity, inParts: true, View: lazy(() => import('./pdf')) },
  { shows: (_, type) => type?.startsWith('image/') ?? false, reads: Infinity, View: lazy(() => import('./picture')) },
  { shows: (_, type) => type === 'text/plain', reads: 2_000_000, View: lazy(() => import('./text')) },
  { shows: (_, type) => type !== null, reads: 0, View: lazy(() => import('./unknown')) },
];
