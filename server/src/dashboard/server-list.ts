export interface Addresses {
  readonly balancer: string
  /** By number. */
  readonly servers: readonly string[]
}

export interface ServerList {
  look(): Promise<Addresses>
}

const answerWithinMs = 4000
const keepMs = 2000
const question = JSON.stringify({ query: '{ balancer { servers { id url } } }' })

/**
 * Where the servers are, from the balancer. When it is gone, any server that is known answers the
 * same question: an operator looks at the screen above all when something is broken.
 */
export function createServerList(balancer: string, clock = () => performance.now()): ServerList {
  let known: readonly string[] = []
  let looking: Promise<Addresses> | null = null
  let lookedAt = Number.NEGATIVE_INFINITY

  const lookAround = async (): Promise<Addresses> => {
    for (const url of [balancer, ...known]) {
      const servers = await ask(url).catch(() => [])
      if (servers.length === 0) continue
      known = servers
      break
    }
    return { balancer, servers: known }
  }

  return {
    look() {
      const now = clock()
      if (looking !== null && now - lookedAt < keepMs) return looking
      lookedAt = now
      const look = lookAround()
      looking = look
      // An answer without servers is no answer that one rests on.
      void look.then(({ servers }) => {
        if (servers.length === 0 && looking === look) looking = null
      })
      return look
    },
  }
}

async function ask(url: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: question,
    signal: AbortSignal.timeout(answerWithinMs),
  })
  const { data } = (await answer.json()) as {
    readonly data?: { readonly balancer: { readonly servers: readonly Row[] } }
  }
  const rows = data?.balancer.servers ?? []
  return rows.toSorted((one, other) => one.id - other.id).map((row) => new URL(row.url).origin)
}

interface Row {
  readonly id: number
  readonly url: string
}
