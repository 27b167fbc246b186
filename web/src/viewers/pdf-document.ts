// A PDF, opened by pdf.js. Nothing that it brings along is run: no script, no form, no file.

import { AnnotationMode, getDocument, GlobalWorkerOptions, version, type PDFDataRangeTransport, type PDFDocumentLoadingTask, type PDFDocumentProxy } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

GlobalWorkerOptions.workerSrc = workerUrl;

/** Where what pdf.js reads when a PDF needs it is: the build puts it beside the client. */
const parts = import.meta.env.DEV ? '/node_modules/pdfjs-dist' : `/assets/pdfjs-${version}`;

/** The bytes of a PDF, which go to the worker, or how it is read in parts. */
export interface Source {
  data?: Uint8Array;
  range?: PDFDataRangeTransport;
  rangeChunkSize?: number;
  disableAutoFetch?: boolean;
  disableStream?: boolean;
}

export function load(source: Source): PDFDocumentLoadingTask {
  return getDocument({
    ...source,
    isEvalSupported: false, enableXfa: false, useSystemFonts: false, // it looks the same on every machine
    wasmUrl: `${parts}/wasm/`, cMapUrl: `${parts}/cmaps/`, cMapPacked: true, standardFontDataUrl: `${parts}/standard_fonts/`, iccUrl: `${parts}/iccs/`,
    verbosity: 0,
  });
}

/** How finely pages are drawn for paper, in dots to the inch, and of how many dots a page is at most. */
const fineness = { perInch: 150, dots: 8_000_000 };

interface Drawing {
  /** How many pages are drawn at most, and until their pictures have how many bytes. */
  most: { pages: number; bytes: number };
  /** Turned by so many degrees. */
  rotation: number;
  progress: (page: number) => void;
  signal: AbortSignal;
}

/** Draws pages for paper, as pictures; whoever takes them lets go of their addresses. */
export async function draw(document: PDFDocumentProxy, { most, rotation, progress, signal }: Drawing): Promise<{ addresses: string[]; bytes: number }> {
  const addresses: string[] = [];
  let bytes = 0;
  const canvas = window.document.createElement('canvas');
  try {
    for (let n = 1; n <= Math.min(document.numPages, most.pages) && bytes < most.bytes; n++) {
      progress(n);
      const page = await document.getPage(n);
      const turned = (page.rotate + rotation) % 360;
      const { width, height } = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: Math.min(fineness.perInch / 72, Math.sqrt(fineness.dots / (width * height))), rotation: turned });
      canvas.width = viewport.width;
      canvas.height = viewport.height;
      await page.render({ canvas, viewport, intent: 'print', annotationMode: AnnotationMode.ENABLE }).promise;
      page.cleanup();
      signal.throwIfAborted();
      const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done));
      if (!picture) {
        throw new Error(`page ${n} could not be drawn`);
      }
      bytes += picture.size;
      addresses.push(URL.createObjectURL(picture));
    }
    return { addresses, bytes };
  } catch (error) {
    addresses.forEach((a) => URL.revokeObjectURL(a));
    throw error;
  }
}
