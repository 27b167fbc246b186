import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vitest/config';
import pdfjs from './node_modules/pdfjs-dist/package.json' with { type: 'json' };

// In development the pages come from vite and everything else from a running
// `smista demo` or `smista serve`.
const program = 'http://127.0.0.1:8080';

// Screens that a device keeps, so that they open without a network; others are kept
// once they were opened.
const keptScreens = /src\/(desk\/(desk|office-picker)|cases\/(cases|page)|shell\/(palette|person|shortcuts)|offline\/(beside|review|sign-in-again))\.tsx$|src\/offline\/doing\.ts$/;

/** Files beside the build that are kept as well. */
const besides = ['favicon.svg', 'manifest.webmanifest', 'icons/any-192.png', 'icons/badge-96.png'];

/** Tells the service worker what the client is made of. */
const worker: Plugin = {
  name: 'worker',
  apply: 'build',
  enforce: 'post',
  generateBundle(_, bundle) {
    const file = bundle['worker.js'];
    if (file?.type !== 'chunk') {
      throw new Error('there is no worker.js');
    }
    if (file.imports.length > 0) {
      throw new Error(`worker.js has to stand alone, and imports ${file.imports.join(', ')}`);
    }
    const paths = new Set<string>();
    const visit = (name: string): void => {
      const chunk = bundle[name];
      if (chunk?.type === 'chunk' && !paths.has(name)) {
        paths.add(name);
        chunk.viteMetadata?.importedCss.forEach((css) => paths.add(css));
        chunk.imports.forEach(visit);
      }
    };
    const chunks = Object.values(bundle).filter((c) => c.type === 'chunk');
    chunks.filter((c) => (c.isEntry && c.facadeModuleId?.endsWith('index.html')) || keptScreens.test(c.facadeModuleId ?? '')).forEach((c) => visit(c.fileName));
    const shell = ['/', ...[...paths, ...besides].map((name) => `/${name}`)];
    const build = createHash('sha256').update(JSON.stringify(Object.keys(bundle).sort()));
    besides.forEach((name) => build.update(readFileSync(`public/${name}`)));
    file.code = file.code.replaceAll('__SHELL__', JSON.stringify(shell)).replaceAll('__BUILD__', JSON.stringify(build.digest('hex').slice(0, 12)));
  },
};

/** Puts the name of each document where it is asked, so that no page loads those of others. */
const documents = (): Plugin => {
  const names = new Map<string, string>();
  return {
    name: 'documents',
    apply: 'build',
    enforce: 'pre',
    buildStart: () => {
      for (const [, name, said] of readFileSync('src/generated/graphql.ts', 'utf8').matchAll(/^export const (\w+) = (\{"__meta__":\{"hash":"[^"]+"\}\}) as /gm)) {
        names.set(name!, said!);
      }
    },
    transform: (code, id) => id.includes('/generated/') || !code.includes('/generated/graphql\'') ? null : {
      code: code.replace(/^import \{([^}]*)\} from '[./]*\/generated\/graphql';$/gm, (_, all: string) =>
        all.split(',').map((one) => one.trim()).filter((one) => one !== '' && !one.startsWith('type ')).map((name) => {
          if (!names.has(name)) {
            throw new Error(`${id} asks ${name}, which is no document`);
          }
          return `const ${name} = ${names.get(name)!};`;
        }).join(' ')),
      map: null,
    },
  };
};

// The client and GraphiQL, whose editor is large and only for developers, are built
// one after the other, so that they share no chunk: `vite build --mode graphiql`.
export default defineConfig(({ mode }) => {
  const isGraphiQL = mode === 'graphiql';
  return {
    plugins: [
      documents(),
      react(),
      ...(isGraphiQL ? [] : [worker]),
      {
        name: 'operations', // the server knows the client's documents by their SHA-256
        apply: 'build',
        writeBundle: ({ dir }) => copyFileSync('src/generated/persisted-documents.json', `${dir}/operations.json`),
      },
      {
        name: 'pdf', // what pdf.js reads when a PDF needs it: decoders of scans, maps of characters, fonts, colours
        apply: 'build',
        writeBundle: ({ dir }) => isGraphiQL || ['wasm', 'cmaps', 'standard_fonts', 'iccs'].forEach((folder) => {
          cpSync(`node_modules/pdfjs-dist/${folder}`, `${dir}/assets/pdfjs-${pdfjs.version}/${folder}`, { recursive: true, filter: (file) => !file.endsWith('.js') });
        }),
      },
    ],
    build: {
      outDir: 'dist/app',
      emptyOutDir: !isGraphiQL,
      target: 'es2022',
      manifest: !isGraphiQL, // for budget.mjs
      rolldownOptions: {
        input: isGraphiQL ? ['graphiql.html'] : ['index.html', 'sign-in.html', 'src/worker/worker.ts'],
        output: { entryFileNames: (chunk) => (chunk.name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js') },
        checks: { moduleLevelDirective: false }, // "use client" of parts means nothing here
      },
      chunkSizeWarningLimit: 5000,
      // Small files stay files: the pages' policy allows no data: scripts or fonts by accident.
      assetsInlineLimit: 0,
    },
    worker: { format: 'es' },
    server: { proxy: { '/graphql': { target: program, ws: true }, '/api': program } },
    test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'] },
  };
});
