import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { applyEntry, type Roster } from '../../server/src/domain/groups/apply-entry.ts'
import { readRosterEntry } from '../../server/src/domain/groups/roster-entry.ts'
import { verifyInContext } from '../../server/src/domain/identity/context-signature.ts'

interface Vector {
  readonly signingKey: string
  readonly entries: readonly Record<'bytes' | 'hash' | 'signature' | 'signedBytes', string>[]
}

const vector: Vector = JSON.parse(
  readFileSync(new URL('../vectors/roster-entry.json', import.meta.url), 'utf8'),
)

test('the server takes the entries that clients have signed from the beginning', () => {
  const signingKey = bytes(vector.signingKey)
  let roster: Roster | null = null
  for (const { signature, hash, ...signed } of vector.entries) {
    const entry = readRosterEntry(bytes(signed.bytes))
    assert.ok(entry)
    assert.deepEqual(entry.hash, bytes(hash))
    assert.ok(verifyInContext('roster', signingKey, bytes(signature), entry.bytes))
    const label = Buffer.from('fastchat/roster/v1')
    assert.deepEqual(bytes(signed.signedBytes), bytesOf(Buffer.concat([label, entry.bytes])))
    const applied = applyEntry(roster, entry)
    assert.ok(applied.kind === 'applied')
    roster = applied.roster
  }
  assert.deepEqual(
    roster?.members.map(({ user, admin }) => [user, admin]),
    [
      ['alice', true],
      ['bob', false],
      ['carol', false],
    ],
  )
})

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  return bytesOf(Buffer.from(base64url, 'base64url'))
}

function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer)
}
