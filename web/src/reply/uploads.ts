// Files on their way to a draft, by the tus protocol: what has arrived stays, also
// over a broken line, a restart of the server, and a reload of the page.

import { DetailedError, Upload } from 'tus-js-client';

/** A file that is on its way. */
export interface Going {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  /** Set for a picture in the text. */
  readonly cid: string;
  readonly state: 'going' | 'waiting' | 'failed';
  /** Why it failed, in words; empty when the server did not answer. */
  readonly why: string;
}

/** Milliseconds before each further try; after the last one a person decides. */
const tries = [0, 1000, 2000, 5000, ...Array<number>(30).fill(10_000)];

export class Uploads {
  #all: readonly Going[] = [];
  #uploads = new Map<number, Upload>();
  #watchers = new Set<() => void>();
  #next = 0;

  constructor(
    private readonly path: string,
    private readonly reply: string,
    private readonly language: string,
    /** A file has become one of the reply's. */
    private readonly arrived: (name: string) => Promise<void>,
  ) {}

  get all(): readonly Going[] {
    return this.#all;
  }

  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  add(file: File, cid = ''): void {
    const key = this.#next++;
    this.#all = [...this.#all, { key, name: file.name, size: file.size, sent: 0, cid, state: 'going', why: '' }];
    const upload = new Upload(file, {
      endpoint: location.origin + this.path,
      metadata: { filename: file.name, filetype: file.type || 'application/octet-stream', ...(cid === '' ? {} : { contentid: cid }) },
      headers: { 'Accept-Language': this.language },
      retryDelays: tries,
      // The same file for the same draft goes on where it stopped.
      fingerprint: async () => ['smista', this.reply, file.name, file.size, file.lastModified, cid].join('/'),
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        const passing = status === 0 || status === 409 || status === 423 || status >= 500;
        if (passing) {
          this.#set(key, { state: 'waiting' });
        }
        return passing;
      },
      onProgress: (sent) => this.#set(key, { sent, state: 'going' }),
      onError: (error) => this.#set(key, { state: 'failed', why: whyOf(error) }),
      onSuccess: () => void this.arrived(file.name).finally(() => this.#drop(key)),
    });
    this.#uploads.set(key, upload);
    this.#tell();
    void this.#start(upload);
  }

  /** Gives a file up: what has arrived of it is dropped. */
  async cancel(key: number): Promise<void> {
    const upload = this.#uploads.get(key);
    this.#drop(key);
    await upload?.abort(true).catch(() => undefined); // the server drops it by itself after a day
  }

  retry(key: number): void {
    const upload = this.#uploads.get(key);
    if (upload) {
      this.#set(key, { state: 'going', why: '' });
      void this.#start(upload);
    }
  }

  /** Stops sending; the same files can go on later. */
  stop(): void {
    for (const upload of this.#uploads.values()) {
      void upload.abort();
    }
  }

  async #start(upload: Upload): Promise<void> {
    const [before] = await upload.findPreviousUploads();
    if (before) {
      upload.resumeFromPreviousUpload(before);
    }
    upload.start();
  }

  #set(key: number, change: Partial<Going>): void {
    this.#all = this.#all.map((g) => (g.key === key ? { ...g, ...change } : g));
    this.#tell();
  }

  #drop(key: number): void {
    this.#uploads.delete(key);
    this.#all = this.#all.filter((g) => g.key !== key);
    this.#tell();
  }

  #tell(): void {
    this.#watchers.forEach((w) => w());
  }
}

/** What the server said of a refusal; empty when it did not answer. */
function whyOf(error: Error | DetailedError): string {
  const body = error instanceof DetailedError ? error.originalResponse?.getBody() ?? '' : '';
  try {
    return (JSON.parse(body) as { errors?: { message: string }[] }).errors?.[0]?.message ?? '';
  } catch {
    return '';
  }
}
