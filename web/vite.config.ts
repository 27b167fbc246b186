import { defineConfig } from 'vite';

// In development the pages come from vite and everything else from a running
// `smista demo` or `smista serve`.
const program = 'http://127.0.0.1:8080';

export default defineConfig({
  build: {
    outDir: 'dist/app',
    target: 'es2022',
    rolldownOptions: {
      input: ['live.html', 'sign-in.html', 'graphiql.html'],
      checks: { moduleLevelDirective: false }, // "use client" of GraphiQL's parts means nothing here
    },
    chunkSizeWarningLimit: 5000, // GraphiQL's editor is large, and only for developers
    // Small files stay files: the pages' policy allows no data: scripts or fonts by accident.
    assetsInlineLimit: 0,
  },
  worker: { format: 'es' },
  server: { proxy: { '/graphql': { target: program, ws: true }, '/api': program } },
});
