/**
 * The open conversation, in the fragment of the address: the back button and a reload work, and
 * who one talks to is not sent to whoever serves the page.
 */
export class Route {
  /** The address of the open conversation: a username or `group:` and an id. */
  open = $state(addressIn(location.hash))

  /** Calls back at once and whenever another conversation is opened, until it is called off. */
  watch(onOpen: (address: string | undefined) => void): () => void {
    const look = () => {
      this.open = addressIn(location.hash)
      onOpen(this.open)
    }
    look()
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }

  go(address: string | undefined): void {
    const hash = address === undefined ? '#/' : hashOf(address)
    if (location.hash !== hash) location.hash = hash
  }
}

export function hashOf(address: string): string {
  return `#/with/${encodeURIComponent(address)}`
}

function addressIn(hash: string): string | undefined {
  const written = /^#\/with\/(.+)$/.exec(hash)?.[1]
  if (written === undefined) return undefined
  try {
    return decodeURIComponent(written)
  } catch {
    return undefined
  }
}
