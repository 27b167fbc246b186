// What the first page loads may weigh no more than this, compressed by gzip.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const most = { js: 200_000, css: 40_000 };

const manifest = JSON.parse(readFileSync('dist/app/.vite/manifest.json', 'utf8'));
const weight = (file) => gzipSync(readFileSync(`dist/app/${file}`), { level: 9 }).length;

/** The files that come before a page can be shown: its own and what they import. */
function filesOf(entries) {
  const chunks = new Set();
  const visit = (key) => {
    if (!chunks.has(key)) {
      chunks.add(key);
      (manifest[key].imports ?? []).forEach(visit);
    }
  };
  entries.forEach(visit);
  const all = [...chunks].map((key) => manifest[key]);
  return { js: new Set(all.map((c) => c.file)), css: new Set(all.flatMap((c) => c.css ?? [])) };
}

let over = false;
for (const route of Object.keys(manifest).filter((key) => /src\/(desk\/desk|cases\/page|board\/board|todo\/todo)\.tsx$/.test(key))) {
  const files = filesOf(['index.html', route]);
  for (const kind of ['js', 'css']) {
    const bytes = [...files[kind]].reduce((sum, file) => sum + weight(file), 0);
    over ||= bytes > most[kind];
    console.log(`${route}: ${kind} ${(bytes / 1000).toFixed(1)} kB gzip of ${most[kind] / 1000}`);
  }
}
if (over) {
  console.error('The first page weighs too much.');
  process.exit(1);
}
