/** What the dashboard may do: run its own scripts and talk to the servers that exist. No frame, no form, no other host. */
export function dashboardPolicy(
  scriptHashes: readonly string[],
  servers: readonly string[],
): string {
  const sources = servers.flatMap((url) => [url, url.replace(/^http/, 'ws')])
  return [
    "default-src 'none'",
    `script-src 'self' ${scriptHashes.join(' ')}`.trimEnd(),
    "style-src 'self'",
    // The one inline style of SvelteKit itself, which hides what it reads out at a change of pages.
    "style-src-attr 'unsafe-hashes' 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='",
    "img-src 'self'",
    "font-src 'self'",
    `connect-src 'self' ${[...new Set(sources)].sort().join(' ')}`.trimEnd(),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html',
  ].join('; ')
}
