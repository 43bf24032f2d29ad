let isKept = false

/** Lets the app open without a network. The policy of the page asks for a trusted address, made once. */
export function keepShell(): void {
  if (isKept || !('serviceWorker' in navigator)) return
  isKept = true
  const address = workerAddress()
  navigator.serviceWorker.register(address, { type: 'module' }).catch(() => {
    // The app works without it; it only does not open without a network.
  })
}

function workerAddress(): string {
  const address = '/service-worker.js'
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesLike }
  const policy = trustedTypes?.createPolicy('fastchat-worker', { createScriptURL: (url) => url })
  return policy === undefined ? address : (policy.createScriptURL(address) as unknown as string)
}

interface TrustedTypesLike {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): object }
}
