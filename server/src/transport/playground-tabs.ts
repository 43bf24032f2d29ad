export interface PlaygroundTab {
  readonly query: string
  readonly variables?: string
  readonly headers?: string
}

/** What the playground opens with. Each runs as it is, in this order; where a token is needed the first lines say so. */
export const playgroundTabs: readonly PlaygroundTab[] = [
  {
    query: `# 1 · Which server is fastest?
# Anybody may ask. The balancer pings every server once a second, through its event loop and its database.
# Servers with a rank can be used; the first one is the best for you.
query FastestServer {
  balancer {
    measuredAt
    servers {
      rank
      id
      url
      state
      pingMs
      sockets
      pingHistory(last: 5) {
        pingMs
      }
    }
  }
}
`,
  },
  {
    query: `# 2 · What are the rules?
# Anybody may ask. A message that nobody fetches within messageTtlMs is gone.
query Service {
  service {
    version
    serverId
    serverTime
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
    query: `# 3 · Who am I?
# Needs a token in the Headers pane below. Get one in the web app, or with: fastchat token
# The vault is sealed: the server keeps it for you and cannot open it.
query Me {
  me {
    account {
      username
      deviceListVersion
      devices {
        name
        deviceId
      }
    }
    vault
  }
}
`,
    headers: '{\n  "authorization": "Bearer "\n}\n',
  },
]
