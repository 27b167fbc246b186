// One PDF, read and drawn by pdf.js: the pages that are seen and a few around them.

import { AnnotationEditorType, AnnotationMode, PasswordResponses, PDFDataRangeTransport, type PDFDocumentLoadingTask, type PDFDocumentProxy } from 'pdfjs-dist';
import { EventBus, LinkTarget, PDFFindController, PDFLinkService, PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import { signedInAgain } from '../api/session';
import { pause, waitBefore } from '../api/socket';
import { NotOpened } from './fetched';
import type { Content, Whole } from './kinds';
import { part } from './open';
import './pdf.css';
import { draw, load, type Source } from './pdf-document';
import type { Point } from './zoom';

export interface Reading {
  /** `withheld`: the server no longer gives what is needed of it. */
  state: 'opening' | 'locked' | 'wrong-password' | 'broken' | 'withheld' | 'shown';
  page: number;
  pages: number;
  scale: number;
  /** Which of how many places are found; null while nothing is looked for. */
  found: { at: number; of: number } | null;
}

export const unread: Reading = { state: 'opening', page: 1, pages: 0, scale: 1, found: null };

/** No text of pdf.js is shown: pages are named by whoever opens the reader. */
const wordless = {
  getLanguage: () => 'it', getDirection: () => 'ltr', get: () => Promise.resolve(''), translate: () => Promise.resolve(), translateOnce: () => Promise.resolve(),
  destroy: () => Promise.resolve(), pause: () => undefined, resume: () => undefined,
};
type L10n = NonNullable<ConstructorParameters<typeof PDFViewer>[0]['l10n']>;

export class PdfReader {
  #reading = unread;
  #loading: PDFDocumentLoadingTask;
  #document: PDFDocumentProxy | null = null;
  #viewer: PDFViewer;
  #bus = new EventBus();
  #end = new AbortController();
  #unlock: ((password: string) => void) | null = null;

  constructor(
    private readonly container: HTMLDivElement,
    content: Content,
    nameOf: (page: number) => string,
    private readonly changed: (reading: Reading) => void,
  ) {
    const links = new PDFLinkService({ eventBus: this.#bus, externalLinkTarget: LinkTarget.BLANK, externalLinkRel: 'noopener noreferrer nofollow' });
    const finder = new PDFFindController({ eventBus: this.#bus, linkService: links });
    this.#viewer = new PDFViewer({
      container, eventBus: this.#bus, linkService: links, findController: finder, l10n: wordless as unknown as L10n,
      annotationMode: AnnotationMode.ENABLE, annotationEditorMode: AnnotationEditorType.DISABLE, enableAutoLinking: false, supportsPinchToZoom: false,
    });
    links.setViewer(this.#viewer);
    this.#listen(nameOf);
    this.#loading = load(this.#source(content));
    this.#loading.onPassword = (answer: (password: string) => void, why: number) => {
      this.#unlock = answer;
      this.#tell({ state: why === PasswordResponses.INCORRECT_PASSWORD ? 'wrong-password' : 'locked' });
    };
    this.#loading.promise.then((document) => {
      if (!this.#end.signal.aborted) {
        this.#document = document;
        this.#viewer.setDocument(document);
        links.setDocument(document);
        this.#tell({ state: 'shown', pages: document.numPages });
      }
    }).catch(() => this.#tell({ state: 'broken' }));
  }

  /** What goes to the worker: all of it, or the beginning and who reads the rest. */
  #source({ bytes, whole }: Content): Source {
    const beginning = bytes.slice();
    return whole
      ? { range: new Parts(whole, beginning, this.#end.signal, () => this.#tell({ state: 'withheld' })), rangeChunkSize: part, disableAutoFetch: true, disableStream: true }
      : { data: beginning };
  }

  #listen(nameOf: (page: number) => string): void {
    const on = <E>(name: string, hear: (event: E) => void): void => this.#bus.on(name, hear, { signal: this.#end.signal });
    on('pagesinit', () => {
      this.#viewer.currentScaleValue = 'auto';
      [...this.#viewer.viewer!.children].forEach((page, i) => page.setAttribute('aria-label', nameOf(i + 1)));
    });
    on<{ pageNumber: number }>('pagechanging', ({ pageNumber }) => this.#tell({ page: pageNumber }));
    on<{ scale: number }>('scalechanging', ({ scale }) => this.#tell({ scale }));
    const found = ({ matchesCount: { current, total } }: { matchesCount: { current: number; total: number } }): void => {
      if (this.#reading.found) {
        this.#tell({ found: { at: current, of: total } });
      }
    };
    on('updatefindmatchescount', found);
    on('updatefindcontrolstate', found);
    const resized = new ResizeObserver(() => {
      const { currentScaleValue } = this.#viewer;
      if (this.#document && Number.isNaN(Number(currentScaleValue))) {
        this.#viewer.currentScaleValue = currentScaleValue; // fits again
      }
      this.#viewer.update();
    });
    resized.observe(this.container);
    this.#end.signal.addEventListener('abort', () => resized.disconnect());
  }

  #tell(some: Partial<Reading>): void {
    if (!this.#end.signal.aborted) {
      this.changed((this.#reading = { ...this.#reading, ...some }));
    }
  }

  unlock(password: string): void {
    this.#unlock?.(password);
  }

  goTo(page: number): void {
    this.#viewer.currentPageNumber = Math.max(1, Math.min(this.#reading.pages, page));
  }

  zoom(factor: number, around?: Point): void {
    this.#viewer.updateScale({ scaleFactor: factor, drawingDelay: 300, origin: around });
  }

  /** As wide as the window, then as a whole page, by turns. */
  fit(): void {
    this.#viewer.currentScaleValue = this.#viewer.currentScaleValue === 'page-width' ? 'page-fit' : 'page-width';
  }

  rotate(): void {
    this.#viewer.pagesRotation = (this.#viewer.pagesRotation + 90) % 360;
  }

  /** Looks for a text from the beginning, or for the next place of the same one. */
  find(text: string, how: 'first' | 'next' | 'previous'): void {
    if (text === '') {
      this.#bus.dispatch('findbarclose', { source: this });
      this.#tell({ found: null });
      return;
    }
    this.#tell({ found: this.#reading.found ?? { at: 0, of: 0 } });
    this.#bus.dispatch('find', {
      source: this, type: how === 'first' ? '' : 'again', query: text, caseSensitive: false, entireWord: false, highlightAll: true, findPrevious: how === 'previous', matchDiacritics: false,
    });
  }

  /** Draws every page for paper, as it is turned. */
  async drawAll(progress: (page: number) => void, signal: AbortSignal): Promise<string[]> {
    const most = { pages: Infinity, bytes: Infinity };
    return this.#document ? (await draw(this.#document, { most, rotation: this.#viewer.pagesRotation, progress, signal })).addresses : [];
  }

  close(): void {
    this.#end.abort();
    this.#document = null;
    void this.#loading.destroy();
  }
}

/** Reads of a big PDF what pdf.js asks for; without a network it waits until there is one again. */
class Parts extends PDFDataRangeTransport {
  constructor(private readonly whole: Whole, beginning: Uint8Array, private readonly until: AbortSignal, private readonly failed: () => void) {
    super(whole.size, beginning, true);
  }

  override requestDataRange(begin: number, end: number): void {
    void this.#read(begin, end);
  }

  async #read(begin: number, end: number): Promise<void> {
    for (let tries = 0; !this.until.aborted; tries++) {
      try {
        const bytes = await this.whole.read(begin, end, this.until);
        return this.until.aborted ? undefined : this.onDataRange(begin, bytes);
      } catch (failure) {
        const status = failure instanceof NotOpened ? failure.status : 0;
        if (status === 401) {
          await signedInAgain();
        } else if (status >= 400 && status < 500) {
          return this.failed();
        } else {
          await pause(waitBefore(tries));
        }
      }
    }
  }
}
