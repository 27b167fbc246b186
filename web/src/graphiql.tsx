// GraphiQL on the API of this host; subscriptions go over graphql-transport-ws.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { createApiClient } from './api';

const firstQuery = `# Press play and leave it running: each new PEC appears as it arrives.
subscription Arrivi {
  events {
    __typename
    cursor
    occurredAt
  }
}
`;

const fetcher = createGraphiQLFetcher({ url: '/graphql', wsClient: createApiClient() });
const root = document.getElementById('graphiql');
if (root) {
  createRoot(root).render(<GraphiQL fetcher={fetcher} defaultQuery={firstQuery} />);
}
