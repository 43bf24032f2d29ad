import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Username } from '../brands.ts'
import { MalformedError } from './canonical-cbor.ts'
import { createDeviceId, createGroupId } from './ids.ts'
import { applyEntry, memberOf, type RosterState } from './roster.ts'
import { firstEntry, nextEntry, type RosterChange } from './roster-changes.ts'
import {
  encodeRosterEntry,
  isGroupName,
  type RosterEntryFields,
  readRosterEntry,
} from './roster-entry.ts'

const people = ['alice', 'bob', 'carol', 'dave', 'erin'].map((name) => name as Username)
const alice = people[0] as Username
const authorDevice = createDeviceId()
const keyOf = (user: Username) => new Uint8Array(32).fill(people.indexOf(user) + 1)

/** What somebody tries to do to a group: as they may, or as they may not. */
interface Attempt {
  readonly by: Username
  readonly change: RosterChange
}

const somebody = fc.constantFrom(...people)
const some = fc.uniqueArray(somebody, { minLength: 1, maxLength: 3 })
const adding = some.map((users) => ({
  action: 'add' as const,
  members: users.map((user) => ({ user, identityKey: keyOf(user) })),
}))
const appointing = fc.record({
  action: fc.constantFrom('hand-over' as const, 'promote' as const, 'demote' as const),
  user: somebody,
})
const change: fc.Arbitrary<RosterChange> = fc.oneof(
  // Often enough that there are members, and more than one admin among them.
  { weight: 3, arbitrary: adding },
  { weight: 6, arbitrary: appointing },
  some.map((users) => ({ action: 'kick' as const, users })),
  fc.constant({ action: 'leave' as const }),
  fc.record({ action: fc.constant('rename' as const), name: fc.constantFrom('A', 'B') }),
)
const ending = fc.constant<RosterChange>({ action: 'delete' })
const attempt: fc.Arbitrary<Attempt> = fc.record({
  by: fc.oneof({ weight: 2, arbitrary: fc.constant(alice) }, { weight: 3, arbitrary: somebody }),
  change: fc.oneof({ weight: 40, arbitrary: change }, { weight: 1, arbitrary: ending }),
})

/** The group as a person would keep it on paper: who is in it, and who of them is an admin. */
class Paper {
  name = 'A'
  isDeleted = false
  readonly admins = new Map<Username, boolean>([[alice, true]])

  /** Does it, or says that it is not to be done. */
  tries({ by, change }: Attempt): boolean {
    if (this.isDeleted || !this.admins.has(by)) return false
    if (change.action !== 'leave' && this.admins.get(by) !== true) return false
    switch (change.action) {
      case 'add':
        if (change.members.some(({ user }) => this.admins.has(user))) return false
        for (const { user } of change.members) this.admins.set(user, false)
        return true
      case 'kick':
        if (change.users.some((user) => user === by || !this.admins.has(user))) return false
        for (const user of change.users) this.admins.delete(user)
        return true
      case 'leave':
        if (this.isLastAdmin(by)) return false
        return this.admins.delete(by)
      case 'hand-over':
        if (change.user === by || !this.admins.has(change.user)) return false
        this.admins.set(by, false).set(change.user, true)
        return true
      case 'promote':
        if (this.admins.get(change.user) !== false) return false
        this.admins.set(change.user, true)
        return true
      case 'demote':
        if (this.admins.get(change.user) !== true || this.isLastAdmin(change.user)) return false
        this.admins.set(change.user, false)
        return true
      case 'rename':
        if (change.name === this.name) return false
        this.name = change.name
        return true
      case 'delete':
        this.admins.clear()
        this.isDeleted = true
        return true
    }
  }

  isLastAdmin(user: Username): boolean {
    return [...this.admins].filter(([, isAdmin]) => isAdmin).every(([admin]) => admin === user)
  }
}

test('whatever is tried in whatever order, a group is what a person would have written down', async () => {
  const done = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { minLength: 20, maxLength: 40 }), async (attempts) => {
      const paper = new Paper()
      let state = await begun()
      for (const one of attempts) {
        const result = applyEntry(state, await encodeRosterEntry(entryOf(state, one)))
        const isExpected = paper.tries(one)
        assert.equal(result.kind, isExpected ? 'applied' : 'refused', JSON.stringify(one))
        done.add(`${one.change.action} ${result.kind}`)
        if (result.kind === 'refused') continue
        assert.equal(result.state.version, state.version + 1)
        state = result.state
        checkSame(state, paper)
      }
    }),
    { numRuns: 200 },
  )
  // The histories are not all of one kind.
  for (const action of ['add', 'kick', 'leave', 'hand-over', 'promote', 'demote', 'rename'])
    for (const kind of ['applied', 'refused'])
      assert.ok(done.has(`${action} ${kind}`), `${action} ${kind}`)
})

test('an entry that claims another state than its action makes is refused', async () => {
  const state = await withBobAndCarol()
  const honest = entryOf(state, { by: alice, change: { action: 'rename', name: 'B' } })
  const [first, ...rest] = honest.members
  assert.ok(first)
  const bent: readonly RosterEntryFields[] = [
    { ...honest, members: rest },
    { ...honest, members: [{ ...first, admin: false }, ...rest] },
    { ...honest, members: [{ ...first, identityKey: new Uint8Array(32) }, ...rest] },
    { ...honest, name: state.name },
    { ...honest, subjects: [alice] },
    { ...honest, version: honest.version + 1 },
    { ...honest, version: state.version },
    { ...honest, prev: new Uint8Array(32) },
    { ...honest, group: createGroupId() },
    { ...honest, action: 'create' },
    { ...honest, action: 'leave', subjects: [alice] },
  ]

  assert.equal(applyEntry(state, await encodeRosterEntry(honest)).kind, 'applied')
  for (const fields of bent) {
    assert.equal(applyEntry(state, await encodeRosterEntry(fields)).kind, 'refused')
  }
})

test('a group begins with its creator as the only admin', async () => {
  const group = createGroupId()
  const members = people.map((user) => ({ user, identityKey: keyOf(user) }))
  const author = { author: alice, authorDevice, at: 0 }
  const honest = firstEntry({ group, name: 'A', members }, author)
  const bent: readonly RosterEntryFields[] = [
    { ...honest, members: honest.members.map((member) => ({ ...member, admin: true })) },
    { ...honest, subjects: honest.subjects.slice(1) },
    { ...honest, members: honest.members.filter(({ user }) => user !== alice) },
    { ...honest, version: 2 },
    { ...honest, prev: new Uint8Array(32) },
    { ...honest, action: 'add' },
  ]

  const result = applyEntry(null, await encodeRosterEntry(honest))
  assert.ok(result.kind === 'applied')
  assert.equal(memberOf(result.state, alice)?.admin, true)
  for (const fields of bent) {
    assert.equal(applyEntry(null, await encodeRosterEntry(fields)).kind, 'refused')
  }
})

test('a name that could deceive is no name of a group', () => {
  for (const name of ['Reading', 'Bücher 📚', '家族 👨‍👩‍👧', 'x'.repeat(64), '#1']) {
    assert.ok(isGroupName(name), name)
  }
  for (const name of [
    '',
    ' ',
    ' a',
    'a ',
    'a\nb',
    'a\u001b[2Jb',
    'a\u202eb',
    '\ud800',
    'x'.repeat(65),
  ]) {
    assert.ok(!isGroupName(name), JSON.stringify(name))
  }
})

test('what nobody would accept is not signed, and what is no entry is not read', async () => {
  const state = await begun()
  const good = entryOf(state, { by: alice, change: { action: 'rename', name: 'B' } })
  const { bytes } = await encodeRosterEntry(good)

  await assert.rejects(encodeRosterEntry({ ...good, name: ' ' }), MalformedError)
  await assert.rejects(encodeRosterEntry({ ...good, group: 'a group' }), MalformedError)
  await assert.rejects(
    encodeRosterEntry({ ...good, subjects: ['bob', 'alice'] as Username[] }),
    MalformedError,
  )
  assert.ok(await readRosterEntry(bytes))
  for (let length = 0; length < bytes.length; length += 11) {
    assert.equal(await readRosterEntry(bytes.slice(0, length)), undefined)
  }
})

function entryOf(state: RosterState, { by, change }: Attempt): RosterEntryFields {
  const fields = nextEntry(state, change, { author: by, authorDevice, at: 0 })
  // Somebody who adds a member a second time: well formed, and not what may be done.
  const members = fields.members.filter(
    ({ user }, index, all) => all.findIndex((other) => other.user === user) === index,
  )
  return { ...fields, members }
}

async function begun(): Promise<RosterState> {
  const members = [{ user: alice, identityKey: keyOf(alice) }]
  const author = { author: alice, authorDevice, at: 0 }
  const first = firstEntry({ group: createGroupId(), name: 'A', members }, author)
  return applied(null, first)
}

async function withBobAndCarol(): Promise<RosterState> {
  const members = people.slice(1, 3).map((user) => ({ user, identityKey: keyOf(user) }))
  const state = await begun()
  return applied(state, entryOf(state, { by: alice, change: { action: 'add', members } }))
}

async function applied(state: RosterState | null, fields: RosterEntryFields): Promise<RosterState> {
  const result = applyEntry(state, await encodeRosterEntry(fields))
  assert.ok(result.kind === 'applied')
  return result.state
}

function checkSame({ members, name }: RosterState, paper: Paper): void {
  assert.equal(name, paper.name)
  const inOrder = [...paper.admins].sort(([one], [other]) => (one < other ? -1 : 1))
  assert.deepEqual(
    members.map(({ user, admin }) => [user, admin]),
    inOrder,
  )
  for (const { user, identityKey } of members) assert.deepEqual(identityKey, keyOf(user))
  assert.ok(paper.isDeleted || members.some(({ admin }) => admin))
}
