/**
 * What the pages of the chat app may do: run their own scripts and WebAssembly (OPAQUE is some),
 * talk to the servers that exist, show pictures they decrypted. Nothing else, and in no frame.
 */
export function webAppPolicy(scriptHashes: readonly string[], servers: readonly string[]): string {
  const sources = servers.flatMap((url) => [url, url.replace(/^http/, 'ws')])
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' ${scriptHashes.join(' ')}`.trimEnd(),
    "style-src 'self'",
    // The one inline style of SvelteKit itself, which hides what it reads out at a change of pages.
    "style-src-attr 'unsafe-hashes' 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='",
    "img-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self' ${[...new Set(sources)].sort().join(' ')}`.trimEnd(),
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html fastchat-worker',
  ].join('; ')
}

/** The worker that keeps the shell fetches the parts of the app, and talks to nobody else. */
export function webWorkerPolicy(at: string): string | undefined {
  if (at !== '/service-worker.js') return undefined
  return "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
}
