/** What GraphiQL shows to somebody who opens it for the first time. */
export const firstQuery = `# Press play and leave it running:
# each new PEC appears as it arrives.
subscription Arrivi {
  events {
    __typename
    cursor
    occurredAt
    ... on MessageReceived {
      mailbox { address }
      message { kind verdict { status } }
    }
    ... on CaseOpened {
      case { number subject senderAddress routeReason office { name } }
    }
  }
}
`;
