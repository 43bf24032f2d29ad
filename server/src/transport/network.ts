import type { IncomingMessage } from 'node:http'
import { isIPv4, isIPv6 } from 'node:net'

/** The part of an address that one person or one household has: /24 of IPv4, /56 of IPv6. What limits count by. */
export function networkOf(address: string): string {
  const plain = withoutMapping(address)
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(plain)) return 'unknown'
  const groups = expand(plain)
  const fourth = (groups[3] ?? '0').padStart(4, '0').slice(0, 2)
  return `${groups.slice(0, 3).join(':')}:${fourth}00::/56`
}

/**
 * The address that a request came from. X-Forwarded-For is a claim anybody can make: it counts only from a proxy that is
 * trusted, and then only its last entry that is not itself such a proxy.
 */
export function clientAddress(
  request: IncomingMessage,
  trustedProxies: ReadonlySet<string>,
): string {
  const peer = withoutMapping(request.socket.remoteAddress ?? '')
  if (!trustedProxies.has(peer)) return peer
  const header = request.headers['x-forwarded-for']
  const hops = (typeof header === 'string' ? header : '')
    .split(',')
    .map((hop) => withoutMapping(hop.trim()))
  return hops.findLast((hop) => (isIPv4(hop) || isIPv6(hop)) && !trustedProxies.has(hop)) ?? peer
}

function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

function expand(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? ['']
  const before = head === '' ? [] : head.split(':')
  if (tail === undefined) return before
  const after = tail === '' ? [] : tail.split(':')
  return [
    ...before,
    ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'),
    ...after,
  ]
}
