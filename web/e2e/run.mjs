// Runs the tests of the browser. A file in which something failed is run once more, by
// itself and with a new system, and the report says so: what fails twice has failed.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'smista-e2e-report-'));
const report = join(folder, 'report.json');

function run(files) {
  const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'vitest.e2e.ts', '--reporter=default', '--reporter=json', `--outputFile=${report}`, ...files], { stdio: 'inherit' });
  return status ?? 1;
}

let status = run(process.argv.slice(2));
if (status !== 0) {
  const failed = JSON.parse(readFileSync(report, 'utf8')).testResults.filter((r) => r.status === 'failed').map((r) => r.name);
  console.log(`\n!!! Failed, and run once more: ${failed.map((f) => f.replace(/.*\/e2e\//, '')).join(', ')} !!!\n`);
  status = failed.length > 0 ? run(failed) : status;
}
rmSync(folder, { recursive: true });
process.exit(status);
