import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RosterEntryAnswer } from '../../api/chat-api.ts'
import { createGroupId } from '../../crypto/ids.ts'
import type { RosterState } from '../../crypto/roster.ts'
import { firstEntry, nextEntry, type RosterChange } from '../../crypto/roster-changes.ts'
import type { RosterEntryFields } from '../../crypto/roster-entry.ts'
import { signRosterEntry } from '../../crypto/roster-signature.ts'
import { type Person, person, type TestDevice } from '../../testing/vectors/people.ts'
import { type KeyLookup, onTrust, verifyChain } from './verify-chain.ts'

const [alice, bob, carol, mallory] = (await Promise.all(
  (['alice', 'bob', 'carol', 'mallory'] as const).map(person),
)) as [Person, Person, Person, Person]

test('an entry of an unknown device counts once a listed device of a member builds on it', async () => {
  const { state, answers } = await begun()
  const old = await made(state, alice, { action: 'rename', name: 'B' })
  const vouching = await made(old.state, bob, { action: 'leave' })
  const directory = directoryOf([bob])

  const alone = await verifyChain(state, [old.answer], directory)
  const vouched = await verifyChain(state, [old.answer, vouching.answer], directory)

  assert.deepEqual([alone.steps.length, alone.alarm], [0, 'bad-entry'])
  assert.deepEqual([vouched.steps.length, vouched.alarm], [2, undefined])
  assert.equal(answers.length, 1)
})

test('a device that is no longer listed proves its own entries and vouches for no other', async () => {
  const { state } = await begun()
  const unknown = await made(state, alice, { action: 'rename', name: 'B' })
  const former = await made(unknown.state, bob, { action: 'leave' })
  const byFormer = await made(state, bob, { action: 'leave' })
  const directory = directoryOf([], [bob])

  assert.equal((await verifyChain(state, [byFormer.answer], directory)).steps.length, 1)
  const chain = await verifyChain(state, [unknown.answer, former.answer], directory)
  assert.deepEqual([chain.steps.length, chain.alarm], [0, 'bad-entry'])
})

test('whoever was brought in by an unproven entry does not vouch for it', async () => {
  const { state } = await begun()
  const members = [{ user: mallory.username, identityKey: mallory.identity.publicKey }]
  const added = await made(state, alice, { action: 'add', members })
  const vouching = await made(added.state, mallory, { action: 'leave' })

  const chain = await verifyChain(
    state,
    [added.answer, vouching.answer],
    directoryOf([bob, carol, mallory]),
  )

  assert.deepEqual([chain.steps.length, chain.alarm], [0, 'bad-entry'])
})

test('what is proven before the first bad entry counts', async () => {
  const { state } = await begun()
  const good = await made(state, alice, { action: 'rename', name: 'B' })
  const bad = await made(good.state, bob, { action: 'rename', name: 'C' })

  const chain = await verifyChain(state, [good.answer, bad.answer], directoryOf([alice, bob]))

  assert.deepEqual([chain.steps.length, chain.alarm], [1, 'bad-entry'])
})

test('an author whose account has another key than the group is an alarm of its own', async () => {
  const { state } = await begun()
  const renamed = await made(state, alice, { action: 'rename', name: 'B' })
  const directory: KeyLookup = {
    async signingKey() {
      const { identity, devices } = alice
      assert.notDeepEqual(identity.publicKey, mallory.identity.publicKey)
      return { key: devices[0].signingKey, identityKey: mallory.identity.publicKey, isListed: true }
    },
  }

  const chain = await verifyChain(state, [renamed.answer], directory)

  assert.deepEqual([chain.steps.length, chain.alarm], [0, 'key-changed'])
})

test('somebody new begins with the entry that added them, and no earlier one', async () => {
  const { state } = await begun()
  const renamed = await made(state, alice, { action: 'rename', name: 'B' })
  const members = [{ user: mallory.username, identityKey: mallory.identity.publicKey }]
  const added = await made(renamed.state, alice, { action: 'add', members })
  const later = await made(added.state, bob, { action: 'leave' })

  const chain = await verifyChain(onTrust, [added.answer, later.answer], directoryOf([alice, bob]))

  assert.deepEqual(
    chain.steps.map(({ entry }) => entry.version),
    [3, 4],
  )
})

/** Alice's group with bob and carol. */
async function begun() {
  const members = [alice, bob, carol].map(({ username, identity }) => {
    return { user: username, identityKey: identity.publicKey }
  })
  const author = { author: alice.username, authorDevice: alice.devices[0].id, at: 0 }
  const fields = firstEntry({ group: createGroupId(), name: 'A', members }, author)
  const { state, answer } = await signed(alice.devices[0], fields)
  return { state, answers: [answer] }
}

function made(state: RosterState, { username, devices: [device] }: Person, change: RosterChange) {
  const author = { author: username, authorDevice: device.id, at: 0 }
  return signed(device, nextEntry(state, change, author))
}

async function signed({ keys }: TestDevice, fields: RosterEntryFields) {
  const { entry, signature } = await signRosterEntry(keys, fields)
  const answer: RosterEntryAnswer = { entry: entry.bytes, signature, createdAtMs: 0 }
  return { state: entry as RosterState, answer }
}

/** Knows the first device of each: listed now, or in a list from before. */
function directoryOf(listed: readonly Person[], former: readonly Person[] = []): KeyLookup {
  return {
    async signingKey(username) {
      const known = [...listed, ...former].find((one) => one.username === username)
      if (known === undefined) return undefined
      const { identity, devices } = known
      const isListed = listed.includes(known)
      return { key: devices[0].signingKey, identityKey: identity.publicKey, isListed }
    },
  }
}
