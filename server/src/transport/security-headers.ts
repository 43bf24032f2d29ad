import type { ServerResponse } from 'node:http'

/** For answers that are data: nothing in them may run, be framed, be guessed at or be kept. */
const strict: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
}

export function setSecurityHeaders(response: ServerResponse, isHttps: boolean): void {
  for (const name in strict) response.setHeader(name, strict[name] ?? '')
  if (isHttps) response.setHeader('strict-transport-security', 'max-age=31536000')
}
