export interface Origins {
  /** A request without an origin does not come from a page, so no page can have made somebody's browser send it. */
  allows(origin: string | undefined): boolean
}

/** The pages that may talk to this server: its own, the balancer's (where the web app lives), and those it was told. */
export function createOrigins(addresses: readonly (string | undefined)[]): Origins {
  const allowed = new Set<string>()
  for (const address of addresses) {
    if (address === undefined) continue
    const { origin } = new URL(address)
    allowed.add(origin)
    for (const alias of loopbackAliases(origin)) allowed.add(alias)
  }
  return { allows: (origin) => origin === undefined || allowed.has(origin) }
}

/** People type localhost where we print 127.0.0.1; to a browser these are two origins. */
function loopbackAliases(origin: string): readonly string[] {
  const url = new URL(origin)
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return []
  const port = url.port === '' ? '' : `:${url.port}`
  return [`${url.protocol}//localhost${port}`, `${url.protocol}//127.0.0.1${port}`]
}
