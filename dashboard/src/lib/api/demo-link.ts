export interface DemoOperator {
  readonly name: string
  readonly password: string
}

/**
 * The secret of a one-time link, `/#demo=<secret>`. It leaves the address whatever becomes of it; and
 * only a page that `npm run demo` hands out looks at it, so that no link signs anybody in elsewhere.
 */
export function takeDemoSecret(): string | undefined {
  const secret = /^#demo=([\w-]+)$/.exec(location.hash)?.[1]
  if (secret === undefined) return undefined
  history.replaceState(history.state, '', location.pathname + location.search)
  const isDemo = document.querySelector('meta[name="fastchat-demo"]') !== null
  return isDemo ? secret : undefined
}

/** Whoever the link is for. Rejects with an `Error` that says what to do. */
export async function redeemLink(secret: string): Promise<DemoOperator> {
  const answer = await fetch('/demo/redeem', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret }),
  })
  const opened = (await answer.json()) as Partial<DemoOperator> & { readonly problem?: string }
  const { name, password, problem } = opened
  if (name === undefined || password === undefined)
    throw new Error(problem ?? 'This link does not lead to the dashboard.')
  return { name, password }
}
