import { defineConfig } from 'vitest/config';

// The whole system in a real browser, three files at a time, each with a system of its
// own. What only measures is left out, but by `npm run speed`.
const exclude = process.env['SMISTA_SPEED'] ? [] : ['e2e/speed.e2e.ts'];

export default defineConfig({
  test: { include: ['e2e/**/*.e2e.ts'], exclude, testTimeout: 60_000, fileParallelism: true, maxWorkers: 3, environment: 'node' },
});
