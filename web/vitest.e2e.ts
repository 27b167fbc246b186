import { defineConfig } from 'vitest/config';

// The whole system in a real browser, one file after the other. What only measures is
// left out, but by `npm run speed`.
const exclude = process.env['SMISTA_SPEED'] ? [] : ['e2e/speed.e2e.ts'];

export default defineConfig({
  test: { include: ['e2e/**/*.e2e.ts'], exclude, testTimeout: 60_000, fileParallelism: false, environment: 'node' },
});
