// Follows a server with the public graphql-ws client, and prints what happens as
// lines of JSON. Arguments: URL, token, cursor to start after, events to wait for.
// The server is expected to end the socket in between: the client goes on.
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

const [url, token, after, wanted] = process.argv.slice(2)
const say = (what) => console.log(JSON.stringify(what))

const refused = createClient({ url, webSocketImpl: WebSocket, connectionParams: { Authorization: 'Bearer nobody' }, retryAttempts: 3 })
await new Promise((resolve) => refused.subscribe({ query: '{ registerHead }' }, { next: () => {}, error: resolve, complete: resolve }))
  .then((event) => say({ refused: event?.code }))
await refused.dispose()

const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: { Authorization: `Bearer ${token}` },
  lazy: false,
  retryAttempts: 100,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
  keepAlive: 500,
  on: {
    connected: (_, __, retrying) => say({ connected: true, retrying: !!retrying }),
    closed: (event) => say({ closed: event.code }),
    ping: (received) => received && say({ ping: true }),
    pong: (received) => received && say({ pong: true }),
  },
})
const one = await new Promise((resolve, reject) =>
  client.subscribe({ query: 'query($n: String!) { caseByNumber(number: $n) { number } viewer { scopes } }', variables: { n: '2026/000001' } }, { next: resolve, error: reject, complete: () => {} }))
say({ query: one.data })
const failure = await new Promise((resolve) => client.subscribe({ query: '{ nothing }' }, { next: () => {}, error: resolve, complete: () => resolve(null) }))
say({ errors: failure?.length })

let cursor = after
let seen = 0
while (seen < Number(wanted)) {
  await new Promise((resolve) => {
    const end = client.subscribe(
      { query: 'subscription($after: Cursor) { events(after: $after) { __typename cursor } }', variables: { get after() { return cursor } } }, // read anew when the client comes back by itself
      {
        next: ({ data }) => {
          cursor = data.events.cursor
          seen += 1
          say({ event: data.events.__typename, cursor })
          if (seen % 5 === 0 || seen >= Number(wanted)) { end(); resolve() } // ended by us, and asked anew after the last cursor
        },
        error: (e) => { say({ error: String(e?.message ?? JSON.stringify(e)) }); resolve() },
        complete: resolve,
      },
    )
  })
}
await client.dispose()
say({ disposed: true })
