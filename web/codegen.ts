import type { CodegenConfig } from '@graphql-codegen/cli';

// Types of what is asked, and the list of all that is: the server knows these
// documents by their SHA-256 (dist/app/operations.json).
const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: ['src/**/*.graphql'],
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { hashAlgorithm: 'sha256', mode: 'replaceDocumentWithHash' },
      },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        avoidOptionals: { field: true, inputValue: false },
        dedupeFragments: true,
        scalars: { DateTime: 'string', Sha256: 'string', BigInt: 'string', Cursor: 'string' },
        strictScalars: true,
      },
    },
  },
};

export default config;
