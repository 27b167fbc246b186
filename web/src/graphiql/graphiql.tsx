// GraphiQL on the API of this host; subscriptions go over graphql-transport-ws.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { createApiClient } from '../api/socket';
import { firstQuery } from './first-query';
import { goToSignIn, whoIsHere } from '../api/session';

const fetcher = createGraphiQLFetcher({ url: '/graphql', wsClient: createApiClient() });
const root = document.getElementById('graphiql');
if ((await whoIsHere()) === null) {
  goToSignIn();
} else if (root) {
  createRoot(root).render(<GraphiQL fetcher={fetcher} defaultQuery={firstQuery} />);
}
