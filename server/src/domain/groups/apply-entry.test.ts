import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type EntryFields,
  type EntryMember,
  encodeEntry,
  firstEntry,
  nextEntry,
} from '../../testing/roster-entries.ts'
import { applyEntry, type Roster } from './apply-entry.ts'
import { readRosterEntry } from './roster-entry.ts'

// The rules one by one. That every client has the same ones, tests/contract shows over random histories.

const deviceId = crypto.randomUUID()
const by = (username: string) => ({ username, deviceId })
const keyOf = (user: string) => new Uint8Array(32).fill(user.charCodeAt(0))
const member = (user: string, admin = false): EntryMember => ({
  user,
  identityKey: keyOf(user),
  admin,
})

/** Alice made it and is the admin; Bob and Carol are in it. */
const club = firstEntry(
  by('alice'),
  ['alice', 'bob', 'carol'].map((user) => member(user)),
)

function judge(before: EntryFields | null, fields: EntryFields): string {
  const read = (one: EntryFields) => {
    const entry = readRosterEntry(encodeEntry(one))
    assert.ok(entry)
    return entry
  }
  const roster: Roster | null = before === null ? null : read(before)
  const application = applyEntry(roster, read(fields))
  return application.kind === 'refused' ? application.reason : 'applied'
}

const members = (...admins: readonly string[]) =>
  club.members.map(({ user }) => member(user, admins.includes(user)))
const without = (...gone: readonly string[]) =>
  club.members.filter(({ user }) => !gone.includes(user))
const next = (author: string, changes: Parameters<typeof nextEntry>[2]) =>
  nextEntry(club, by(author), changes)

test('an admin adds, kicks, promotes, hands over, renames and deletes', () => {
  const done: readonly Parameters<typeof nextEntry>[2][] = [
    { action: 'add', subjects: ['dave'], members: [...club.members, member('dave')] },
    { action: 'kick', subjects: ['bob', 'carol'], members: without('bob', 'carol') },
    { action: 'promote', subjects: ['bob'], members: members('alice', 'bob') },
    { action: 'hand-over', subjects: ['bob'], members: members('bob') },
    { action: 'rename', name: 'Films' },
    { action: 'delete', members: [] },
  ]
  for (const changes of done) {
    assert.equal(judge(club, next('alice', changes)), 'applied', changes.action)
    assert.equal(judge(club, next('bob', changes)), 'not-an-admin', changes.action)
    assert.equal(judge(club, next('mallory', changes)), 'not-a-member', changes.action)
  }
})

test('anybody leaves, but for the last admin', () => {
  const leave = (user: string) =>
    next(user, { action: 'leave', subjects: [user], members: without(user) })

  assert.equal(judge(club, leave('bob')), 'applied')
  assert.equal(judge(club, leave('alice')), 'last-admin')
  const forBob = next('carol', { action: 'leave', subjects: ['bob'], members: without('bob') })
  assert.equal(judge(club, forBob), 'wrong-subjects')
})

test('an admin who is not the only one steps down, is demoted or leaves', () => {
  const two = next('alice', {
    action: 'promote',
    subjects: ['bob'],
    members: members('alice', 'bob'),
  })
  const demote = (user: string, rest: string) =>
    nextEntry(two, by('alice'), { action: 'demote', subjects: [user], members: members(rest) })

  assert.equal(judge(two, demote('alice', 'bob')), 'applied')
  assert.equal(judge(two, demote('bob', 'alice')), 'applied')
  const alone = next('alice', { action: 'demote', subjects: ['alice'], members: members() })
  assert.equal(judge(club, alone), 'last-admin')
})

test('an entry follows the newest one of its own group, and nothing follows a deletion', () => {
  const rename = next('alice', { action: 'rename', name: 'Films' })
  const deleted = next('alice', { action: 'delete', members: [] })

  assert.equal(judge(club, { ...rename, version: 3 }), 'not-next')
  assert.equal(judge(club, { ...rename, version: 1 }), 'not-next')
  assert.equal(judge(club, { ...rename, prev: new Uint8Array(32) }), 'not-next')
  assert.equal(judge(club, { ...rename, prev: new Uint8Array() }), 'not-next')
  assert.equal(judge(club, { ...rename, group: crypto.randomUUID() }), 'other-group')
  const after = nextEntry(deleted, by('alice'), { action: 'rename', name: 'Films' })
  assert.equal(judge(deleted, after), 'deleted')
})

test('what an entry claims is exactly what its action makes of the state before', () => {
  const kick = next('alice', { action: 'kick', subjects: ['bob'], members: without('bob') })
  const bent: readonly EntryFields[] = [
    { ...kick, members: without('bob', 'carol') },
    { ...kick, members: club.members },
    { ...kick, name: 'Films' },
    { ...kick, members: without('bob').map((one) => ({ ...one, admin: true })) },
    { ...kick, members: without('bob').map((one) => ({ ...one, identityKey: keyOf('x') })) },
  ]
  for (const entry of bent) assert.equal(judge(club, entry), 'wrong-result')
  const same = next('alice', { action: 'rename', name: club.name })
  assert.equal(judge(club, same), 'wrong-result')
})

test('the subjects fit the action: newcomers are added, members kicked, one is promoted', () => {
  const refused: readonly Parameters<typeof nextEntry>[2][] = [
    { action: 'add', subjects: [] },
    { action: 'add', subjects: ['bob'] },
    { action: 'add', subjects: ['dave'] },
    { action: 'kick', subjects: [] },
    { action: 'kick', subjects: ['dave'] },
    { action: 'kick', subjects: ['alice'], members: without('alice') },
    { action: 'promote', subjects: ['alice'] },
    { action: 'promote', subjects: ['bob', 'carol'], members: members('alice', 'bob', 'carol') },
    { action: 'promote', subjects: ['dave'] },
    { action: 'demote', subjects: ['bob'] },
    { action: 'hand-over', subjects: ['alice'] },
    { action: 'hand-over', subjects: [] },
    { action: 'rename', subjects: ['bob'], name: 'Films' },
    { action: 'delete', subjects: ['bob'], members: [] },
  ]
  for (const changes of refused)
    assert.equal(judge(club, next('alice', changes)), 'wrong-subjects', JSON.stringify(changes))
})

test('one entry adds 64 at most, and the first one has its author as the only admin', () => {
  const newcomers = (count: number) => {
    const subjects = Array.from({ length: count }, (_, index) => `m${1000 + index}`)
    const added = subjects.map((user) => member(user))
    return next('alice', { action: 'add', subjects, members: [...club.members, ...added] })
  }
  assert.equal(judge(club, newcomers(64)), 'applied')
  assert.equal(judge(club, newcomers(65)), 'wrong-subjects')

  assert.equal(judge(null, club), 'applied')
  assert.equal(judge(null, { ...club, version: 2 }), 'not-next')
  assert.equal(judge(null, { ...club, author: 'mallory' }), 'not-a-member')
  assert.equal(judge(null, { ...club, subjects: ['bob'] }), 'wrong-subjects')
  assert.equal(judge(null, { ...club, members: members('alice', 'bob') }), 'wrong-result')
  assert.equal(judge(null, next('alice', { action: 'rename', name: 'Films' })), 'not-next')
})
