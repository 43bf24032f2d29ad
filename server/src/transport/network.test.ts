import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { clientAddress, networkOf } from './network.ts'

test('a network is /24 of IPv4 and /56 of IPv6, however the address is written', () => {
  assert.equal(networkOf('192.0.2.77'), '192.0.2.0/24')
  assert.equal(networkOf('::ffff:192.0.2.77'), '192.0.2.0/24')
  assert.equal(networkOf('2001:db8:1:23ab::1'), '2001:db8:1:2300::/56')
  assert.equal(networkOf('2001:db8:1:23ff:1:2:3:4'), '2001:db8:1:2300::/56')
  assert.equal(networkOf('2001:DB8:1:2300::1'), networkOf('2001:db8:1:23ff::2'))
  assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0000::/56')
  assert.equal(networkOf('::1'), '0:0:0:0000::/56')
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0000::/56')
  assert.notEqual(networkOf('2001:db8:1:24ab::1'), networkOf('2001:db8:1:23ab::1'))
  assert.equal(networkOf('nonsense'), 'unknown')
})

const from = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

test('X-Forwarded-For of a stranger is ignored', () => {
  assert.equal(clientAddress(from('203.0.113.9', '198.51.100.1'), new Set()), '203.0.113.9')
  assert.equal(
    clientAddress(from('203.0.113.9', '198.51.100.1'), new Set(['10.0.0.1'])),
    '203.0.113.9',
  )
})

test('behind a trusted proxy only the entry that the proxy itself wrote counts', () => {
  const proxies = new Set(['10.0.0.1', '10.0.0.2'])

  assert.equal(clientAddress(from('10.0.0.1', '198.51.100.1'), proxies), '198.51.100.1')
  assert.equal(
    clientAddress(from('::ffff:10.0.0.1', '1.2.3.4, 198.51.100.1'), proxies),
    '198.51.100.1',
  )
  assert.equal(
    clientAddress(from('10.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.2'), proxies),
    '198.51.100.1',
  )
  assert.equal(clientAddress(from('10.0.0.1', 'unknown, _hidden'), proxies), '10.0.0.1')
  assert.equal(clientAddress(from('10.0.0.1'), proxies), '10.0.0.1')
})
