// A browser for tests: signed in, watched for everything that must not happen, and
// able to say what axe finds on the screen.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Demo } from './demo';

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** Why there is no browser; empty when there is one. In CI there has to be one. */
export const missing = executable ? '' : 'no Chromium is installed: make test-deps';
if (missing && process.env['SMISTA_REQUIRE_SERVERS']) {
  throw new Error(missing);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Pictures of the screens are written here when SMISTA_SCREENS says where. */
const screens = process.env['SMISTA_SCREENS'];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: executable!, args: ['--no-sandbox', '--disable-gpu'] });
}

export const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
export const desktop = { viewport: { width: 1440, height: 900 } };

/** Somebody at a browser. */
export class Visitor {
  /** What must not happen and did: violations of the policy, errors, questions to other hosts. */
  readonly wrongs: string[] = [];

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {}

  static async enter(browser: Browser, demo: Demo, who: string, path: string, options: Parameters<Browser['newContext']>[0] = desktop): Promise<Visitor> {
    const context = await browser.newContext({ locale: 'it-IT', timezoneId: 'Europe/Rome', ...options });
    const [name, ...rest] = (await demo.session(demo.person(who))).split('=');
    await context.addCookies([{ name: name!, value: rest.join('='), url: demo.url }]);
    const page = await context.newPage();
    const visitor = new Visitor(page, context);
    await visitor.#watch(demo.url);
    await page.goto(demo.url + path);
    return visitor;
  }

  async #watch(home: string): Promise<void> {
    const { page, context, wrongs } = this;
    await page.exposeFunction('refusedByPolicy', (what: string) => void wrongs.push(`policy: ${what}`)); // in its frames as well
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (e) => {
      void (globalThis as unknown as { refusedByPolicy(what: string): void }).refusedByPolicy(`${e.effectiveDirective} ${e.blockedURI} in ${e.documentURI}`);
    }));
    context.on('serviceworker', (worker) => worker.on('console', (message) => message.type() === 'error' && wrongs.push(`worker: ${message.text()}`)));
    page.on('pageerror', (error) => wrongs.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection|net::ERR/.test(message.text())) {
        wrongs.push(`console: ${message.text()}`);
      }
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(home) && !/^(data|blob):/.test(url) && !url.startsWith(home.replace('http', 'ws'))) {
        wrongs.push(`request: ${url}`);
      }
    });
  }

  /** Fails when axe finds something on the screen, or something went wrong until now. */
  async check(what: string): Promise<void> {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(async () => {
      const run = (globalThis as unknown as { axe: { run(root: Document, options: object): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }).axe.run;
      const { violations } = await run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
      return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 200)} ${n.failureSummary ?? ''}`).join(' | ')}`);
    });
    expect(found.join('\n'), `what axe finds on ${what}`).toBe('');
    expect(this.wrongs.join('\n'), `what went wrong on ${what}`).toBe('');
    if (screens) {
      mkdirSync(screens, { recursive: true });
      await this.page.screenshot({ path: join(screens, `${what}.png`) });
    }
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

/** Presses Tab until what has a name has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    const found = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement | null;
      const label = at && 'labels' in at ? [...((at as HTMLInputElement).labels ?? [])].map((l) => l.textContent).join(' ') : '';
      return [at?.getAttribute('aria-label') ?? '', label, at?.textContent ?? ''];
    });
    if (found.some((text) => text.replace(/ \*$/, '').trim() === name)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${name}`);
}
