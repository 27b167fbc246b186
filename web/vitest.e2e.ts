import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The whole system in a real browser, three files at a time, each with a system of its
// own. What only measures is left out, but by `npm run speed`.
const exclude = process.env['SMISTA_SPEED'] ? [] : ['e2e/speed.e2e.ts'];

/** Files that take long, or wait most of the time: nobody is to wait for them alone at the end. */
const first = ['reply.', 'movements.', 'checks.'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isFirst = (file: TestSpecification): boolean => first.some((name) => file.moduleId.includes(`/e2e/${name}`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isFirst), ...sorted.filter((f) => !isFirst(f))];
  }
}

export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.ts'], exclude, testTimeout: 60_000, fileParallelism: true, maxWorkers: 3, environment: 'node', sequence: { sequencer: LongestFirst },
  },
});
