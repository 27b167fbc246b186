// The files that came with messages, read one after the other for paper: no more of
// them than a browser bears.

import { PasswordResponses } from 'pdfjs-dist';
import { decoded, tableIn } from '../viewers/csv';
import type { Enclosed } from '../viewers/kinds';
import { readNested, type Nested } from '../viewers/nested-read';
import { open } from '../viewers/open';
import { draw, load } from '../viewers/pdf-document';

/** Why a file is not printed: its kind, that it is damaged, locked, too large, or could not be read. */
export type Unprinted = 'kind' | 'broken' | 'locked' | 'large' | 'failed';

export type Printable =
  | { as: 'pages'; addresses: readonly string[]; of: number }
  | { as: 'picture'; address: string }
  | { as: 'text'; text: string; cut: boolean }
  | { as: 'table'; rows: string[][] }
  | { as: 'message'; message: Nested }
  | { as: 'nothing'; why: Unprinted };

/** How many bytes a file may have, how many characters a text is printed of, and how many pages and bytes of pictures there are in all. */
export const most = { file: 60_000_000, text: 200_000, pages: 200, bytes: 300_000_000 };

/** A file that is being read, and its page when it has some. */
export interface Progress {
  file: number;
  page: number;
}

export class Reading {
  /** What is printed of each file, by its path. */
  readonly read = new Map<string, Printable>();
  #addresses: string[] = [];
  #pages = most.pages;
  #bytes = most.bytes;

  constructor(
    private readonly files: readonly Enclosed[],
    private readonly tell: (progress: Progress) => void,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.#addresses.forEach((a) => URL.revokeObjectURL(a)));
  }

  async all(): Promise<ReadonlyMap<string, Printable>> {
    for (const [i, file] of this.files.entries()) {
      this.tell({ file: i + 1, page: 0 });
      this.read.set(file.path, await this.#one(file, (page) => this.tell({ file: i + 1, page })));
      this.signal.throwIfAborted();
    }
    return this.read;
  }

  async #one(file: Enclosed, progress: (page: number) => void): Promise<Printable> {
    if (file.size > Math.min(most.file, this.#bytes)) {
      return { as: 'nothing', why: 'large' };
    }
    try {
      if (file.nestedPath !== null) {
        return { as: 'message', message: await readNested(file.nestedPath, this.signal) };
      }
      const { content: { bytes, type, charset, cut } } = await open(file, () => undefined, this.signal, false); // all of it is printed
      if (type === 'application/pdf') {
        return await this.#pagesOf(bytes, progress);
      }
      if (type.startsWith('image/')) {
        return await this.#picture(new Blob([bytes], { type }));
      }
      return type === 'text/plain' ? textOf(file, decoded(bytes, charset), cut) : { as: 'nothing', why: 'kind' };
    } catch {
      return { as: 'nothing', why: 'failed' };
    }
  }

  async #pagesOf(bytes: Uint8Array, progress: (page: number) => void): Promise<Printable> {
    if (this.#pages === 0 || this.#bytes <= 0) {
      return { as: 'nothing', why: 'large' };
    }
    const loading = load({ data: bytes });
    let isLocked = false;
    loading.onPassword = (_: unknown, why: number) => {
      isLocked = why === PasswordResponses.NEED_PASSWORD;
      void loading.destroy(); // nobody is asked here
    };
    try {
      const document = await loading.promise;
      const { addresses, bytes: drawn } = await draw(document, { most: { pages: this.#pages, bytes: this.#bytes }, rotation: 0, progress, signal: this.signal });
      this.#addresses.push(...addresses);
      this.#pages -= addresses.length;
      this.#bytes -= drawn;
      return { as: 'pages', addresses, of: document.numPages };
    } catch {
      return { as: 'nothing', why: isLocked ? 'locked' : 'broken' };
    } finally {
      void loading.destroy();
    }
  }

  async #picture(blob: Blob): Promise<Printable> {
    this.#bytes -= blob.size;
    const address = URL.createObjectURL(blob);
    this.#addresses.push(address);
    const image = new Image();
    image.src = address;
    return image.decode().then(() => ({ as: 'picture', address }), () => ({ as: 'nothing', why: 'broken' }));
  }
}

function textOf(file: Enclosed, text: string, cut: boolean): Printable {
  const rows = cut || text.length > most.text ? null : tableIn(file, text);
  return rows ? { as: 'table', rows } : { as: 'text', text: text.slice(0, most.text), cut: cut || text.length > most.text };
}
