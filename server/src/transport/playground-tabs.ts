export interface PlaygroundTab {
  readonly query: string
  readonly variables?: string
  readonly headers?: string
}

/** `<token>` and the values in <brackets> are filled in by the link that `fastchat playground` prints. */
const headers = JSON.stringify({ authorization: 'Bearer <token>' })
const operatorHeaders = JSON.stringify({ authorization: 'Bearer <operatorToken>' })

/** What the playground opens with, in the order in which one learns. Each runs as it is once the token is there. */
export const playgroundTabs: readonly PlaygroundTab[] = [
  {
    query: `# 1 · Which server is fastest, and what are the rules?
# Anybody may ask. The balancer pings every server once a second, through its event loop and its database.
# A message that nobody fetches within messageTtlMs is gone.
query FastestServer {
  fastestServer {
    id
    url
    pingMs
  }
  balancer {
    servers {
      rank
      id
      state
      pingMs
      sockets
      pingHistory(last: 5) {
        pingMs
      }
    }
  }
  service {
    messageTtlMs
    limits {
      envelopeBytes
      recipientDevices
      mailboxMessages
    }
  }
}
`,
  },
  {
    query: `# 2 · Who is that? The directory of public keys
# Needs a token: "fastchat playground" in a terminal prints a link that fills it in everywhere here.
# A client verifies deviceListSignature with identityKey, and seals for the devices in the list and no other.
query LookUp($username: String!) {
  account(username: $username) {
    username
    online
    identityKey
    deviceListVersion
    deviceListSignature
    devices {
      deviceId
      name
      encryptionKey
    }
  }
}
`,
    variables: JSON.stringify({ username: '<username>' }),
    headers,
  },
  {
    query: `# 3 · Who am I, and which devices do I have?
# Private keys are on the devices only. The vault holds the identity key, sealed under the password:
# the server keeps it for you and cannot open it.
query MyDevices {
  me {
    account {
      username
      deviceListVersion
      devices {
        deviceId
        name
        createdAt
      }
    }
    device {
      deviceId
    }
    vault
  }
}
`,
    headers,
  },
  {
    query: `# 4 · Send a sealed message
# The variables hold one that your terminal sealed for the person you named: "fastchat playground --to bob".
# That is all a server ever gets. The answer comes when it is on disk; run it twice and it is still sent once.
mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    __typename
    ... on SendMessagePayload {
      acceptedAt
      expiresAt
      deliveries {
        deviceId
        state
      }
    }
    ... on UserError {
      code
      message
    }
  }
}
`,
    variables: JSON.stringify({ input: '<sample>' }),
    headers,
  },
  {
    query: `# 5 · Watch my inbox
# A subscription: it stays open and shows what arrives, sealed. Reading acknowledges nothing, so your own client still
# gets every message. The attachment was made for this server with the key of your device; a token alone reads nothing.
subscription Inbox($attachmentId: ID!) {
  inbox(attachmentId: $attachmentId) {
    serverTime
    events {
      __typename
      ... on MessageArrived {
        cursor
        senderDeviceId
        acceptedAt
        expiresAt
        envelope
        wrappedKey
      }
      ... on DeliveryChanged {
        clientMessageId
        deviceId
        changedTo: state
      }
    }
  }
}
`,
    variables: JSON.stringify({ attachmentId: '<attachmentId>' }),
    headers,
  },
  {
    query: `# 6 · What became of it?
# Of the message of tab 4, for each device: STORED, DELIVERED, EXPIRED or MAILBOX_FULL.
# The servers remember it for 15 minutes, the message itself for two.
query Outcomes($ids: [ID!]!) {
  outcomes(clientMessageIds: $ids) {
    clientMessageId
    expiresAt
    deliveries {
      deviceId
      state
    }
  }
}
`,
    variables: JSON.stringify({ ids: '<sampleIds>' }),
    headers,
  },
  {
    query: `# 7 · My groups
# Members change a group by entries that their devices sign, each with the hash of the one before it. The server checks
# who may do what and keeps the chain; clients verify it themselves, so no server can slip in a listener.
query MyGroups {
  groups(first: 5) {
    edges {
      node {
        groupId
        name
        version
        headHash
        members(first: 20) {
          edges {
            node {
              account {
                username
              }
              isAdmin
            }
          }
        }
        entries(first: 5) {
          version
          createdAt
          entry
          signature
        }
      }
    }
  }
}
`,
    headers,
  },
  {
    query: `# 8 · Operator: the servers, live
# For operators, who are no accounts: your own token is refused here, and an operator's in every other tab.
# "fastchat operator olga" prints a token; "fastchat playground --operator-token-file" puts it into the headers below.
subscription LiveServers {
  operations(intervalMs: 1000) {
    at
    verdict {
      state
      sentence
    }
    servers {
      id
      condition
      pingP50Ms
      pingP99Ms
      pickShare
      sockets
      loopDelayP99Ms
    }
    totals {
      sendsPerSecond
      deliveriesPerSecond
    }
    waiting {
      messages
      oldestMs
      limitMs
    }
    outcomes {
      atOnce
      fromStore
      expired
    }
    alerts {
      title
      advice
    }
  }
}
`,
    headers: operatorHeaders,
  },
]
