// Asks a server what the public audit of GraphQL over HTTP asks, and prints each
// result as a line of JSON. Arguments: URL, token.
import { auditServer } from 'graphql-http'

const [url, token] = process.argv.slice(2)
const results = await auditServer({
  url,
  fetchFn: (to, init = {}) => fetch(to, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
})
for (const r of results) console.log(JSON.stringify({ id: r.id, name: r.name, status: r.status, reason: r.reason ?? '' }))
