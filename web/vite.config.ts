import react from '@vitejs/plugin-react';
import { copyFileSync, cpSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import pdfjs from './node_modules/pdfjs-dist/package.json' with { type: 'json' };

// In development the pages come from vite and everything else from a running
// `smista demo` or `smista serve`.
const program = 'http://127.0.0.1:8080';

// The client and GraphiQL, whose editor is large and only for developers, are built
// one after the other, so that they share no chunk: `vite build --mode graphiql`.
export default defineConfig(({ mode }) => {
  const isGraphiQL = mode === 'graphiql';
  return {
    plugins: [
      react(),
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
        input: isGraphiQL ? ['graphiql.html'] : ['index.html', 'sign-in.html'],
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
