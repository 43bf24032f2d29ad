import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { generateDeviceKeys } from '../../client-core/src/crypto/device-keys.ts'
import {
  applyEntry as applyInClient,
  type RosterState,
} from '../../client-core/src/crypto/roster.ts'
import {
  readRosterEntry as readInClient,
  rosterActions,
} from '../../client-core/src/crypto/roster-entry.ts'
import { isSignedBy, signRosterEntry } from '../../client-core/src/crypto/roster-signature.ts'
import {
  applyEntry as applyInServer,
  type Roster,
} from '../../server/src/domain/groups/apply-entry.ts'
import { readRosterEntry as readInServer } from '../../server/src/domain/groups/roster-entry.ts'
import { verifyInContext } from '../../server/src/domain/identity/context-signature.ts'
import {
  createDevice,
  signRosterEntry as signAsServerTests,
} from '../../server/src/testing/device-lists.ts'
import {
  type EntryFields,
  type EntryMember,
  encodeEntry,
  firstEntry,
  hashOfEntry,
} from '../../server/src/testing/roster-entries.ts'

// Client and server share no code, so each judges on its own what the other stores or shows.

const users = ['alice', 'bob', 'carol', 'dave', 'mallory']
const device = randomUUID()
const keyOf = new Map(users.map((user) => [user, new Uint8Array(randomBytes(32))]))
const memberNamed = (user: string, admin: boolean): EntryMember => {
  return { user, identityKey: keyOf.get(user) as Uint8Array<ArrayBuffer>, admin }
}

const bends = {
  version: (entry: EntryFields) => ({ ...entry, version: entry.version + 1 }),
  prev: (entry: EntryFields) => ({ ...entry, prev: new Uint8Array(32) }),
  group: (entry: EntryFields) => ({ ...entry, group: randomUUID() }),
  key: (entry: EntryFields) => withFirst(entry, { identityKey: new Uint8Array(32) }),
  admin: (entry: EntryFields) => withFirst(entry, { admin: entry.members[0]?.admin === false }),
  members: (entry: EntryFields) => ({ ...entry, members: entry.members.slice(1) }),
  subjects: (entry: EntryFields) => ({ ...entry, subjects: entry.subjects.slice(1) }),
  name: (entry: EntryFields) => ({ ...entry, name: `${entry.name}!` }),
} as const

const anAdmin = 'an admin'

/** One attempt to change the group: by whoever, on whomever, honest or with one thing bent. */
const attempt = fc.record({
  // Half of the time somebody who may: or nearly everything would be refused.
  author: fc.oneof(fc.constant(anAdmin), fc.constantFrom(...users)),
  // A group that was deleted is at its end, so that comes seldom; there has to be a second admin before one can be demoted.
  action: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...rosterActions) },
    { weight: 3, arbitrary: fc.constantFrom('add', 'promote', 'promote', 'demote', 'kick') },
  ),
  subjects: fc.oneof(
    fc.constantFrom(...users).map((user) => [user]),
    fc.subarray(users, { maxLength: 3 }),
  ),
  name: fc.constantFrom('Book club', 'Film club'),
  bend: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(bends) as (keyof typeof bends)[])) },
  ),
})
type Attempt = typeof attempt extends fc.Arbitrary<infer T> ? T : never

function withFirst(entry: EntryFields, change: Partial<EntryMember>): EntryFields {
  const [first, ...rest] = entry.members
  return first === undefined ? entry : { ...entry, members: [{ ...first, ...change }, ...rest] }
}

/** What an honest client would write, had it no idea of who may do what. */
function entryOf(head: EntryFields, { action, subjects, name, ...attempt }: Attempt): EntryFields {
  const admin = head.members.find((one) => one.admin)?.user ?? 'alice'
  const author = attempt.author === anAdmin ? admin : attempt.author
  const next = {
    ...head,
    version: head.version + 1,
    prev: hashOfEntry(encodeEntry(head)),
    author,
    action,
  }
  const without = (gone: readonly string[]) =>
    head.members.filter(({ user }) => !gone.includes(user))
  const withAdmins = (isAdmin: (user: string, was: boolean) => boolean) =>
    head.members.map((one) => ({ ...one, admin: isAdmin(one.user, one.admin) }))
  switch (action) {
    case 'create':
      return { ...next, subjects }
    case 'add': {
      const added = subjects.map((user) => memberNamed(user, false))
      const members = [...without(subjects), ...added].sort((a, b) => (a.user < b.user ? -1 : 1))
      return { ...next, subjects, members }
    }
    case 'kick':
      return { ...next, subjects, members: without(subjects) }
    case 'leave':
      return { ...next, subjects: [author], members: without([author]) }
    case 'hand-over': {
      const members = withAdmins((user, was) => user === subjects[0] || (was && user !== author))
      return { ...next, subjects: subjects.slice(0, 1), members }
    }
    case 'promote':
    case 'demote': {
      const isPromotion = action === 'promote'
      const members = withAdmins((user, was) => (user === subjects[0] ? isPromotion : was))
      return { ...next, subjects: subjects.slice(0, 1), members }
    }
    case 'rename':
      return { ...next, subjects: [], name }
    case 'delete':
      return { ...next, subjects: [], members: [] }
  }
}

test('server and clients allow and refuse the same changes, in whatever order they come', async () => {
  const seen = new Set<string>()
  const founders = users.slice(0, 3).map((user) => memberNamed(user, false))
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { minLength: 1, maxLength: 30 }), async (attempts) => {
      let head = firstEntry({ username: 'alice', deviceId: device }, founders)
      let [inServer, inClient] = await judge(null, null, head)
      for (const one of attempts) {
        const honest = entryOf(head, one)
        const tried = one.bend === null ? honest : bends[one.bend](honest)
        const [server, client] = await judge(inServer, inClient, tried, seen)
        if (server === null) continue
        ;[inServer, inClient, head] = [server, client, tried]
        assert.ok(tried.action === 'delete' || tried.members.some(({ admin }) => admin))
      }
    }),
    { numRuns: 1000 },
  )
  // Every reason came up, and every action succeeded at least once: the histories are not all of one kind.
  for (const action of rosterActions)
    if (action !== 'create') assert.ok(seen.has(`${action} applied`), action)
  for (const reason of [
    'other-group',
    'not-next',
    'deleted',
    'not-a-member',
    'not-an-admin',
    'last-admin',
    'wrong-subjects',
    'wrong-result',
  ])
    assert.ok(
      [...seen].some((what) => what.endsWith(reason)),
      reason,
    )
})

/** The state after the entry in both, or null in both. */
async function judge(
  inServer: Roster | null,
  inClient: RosterState | null,
  fields: EntryFields,
  seen?: Set<string>,
) {
  const bytes = encodeEntry(fields)
  const [forServer, forClient] = [readInServer(bytes), await readInClient(bytes)]
  assert.equal(forServer === undefined, forClient === undefined)
  if (forServer === undefined || forClient === undefined) return [null, null] as const
  assert.deepEqual(forServer.hash, forClient.hash)
  const [server, client] = [applyInServer(inServer, forServer), applyInClient(inClient, forClient)]
  const told = (one: { kind: string; reason?: string }) => one.reason ?? one.kind
  assert.equal(told(server), told(client))
  seen?.add(`${fields.action} ${told(server)}`)
  if (server.kind === 'refused' || client.kind === 'refused') return [null, null] as const
  return [server.roster, client.state] as const
}

const whole = firstEntry({ username: 'alice', deviceId: device }, [
  memberNamed('alice', true),
  memberNamed('bob', false),
])

test('server and clients read the same bytes as entries, and no others', async () => {
  const [alice, bob] = whole.members
  const { at: _at, ...withoutTime } = whole
  const readable: readonly object[] = [
    whole,
    { ...whole, at: 0 },
    { ...whole, name: '日本語 👩‍👩‍👧' },
    { ...whole, name: 'x'.repeat(64) },
    { ...whole, version: 2 ** 31 - 1, prev: new Uint8Array(32) },
    { ...whole, action: 'delete', members: [], subjects: [] },
  ]
  const unreadable: readonly object[] = [
    withoutTime,
    { ...whole, v: 2 },
    { ...whole, extra: 1 },
    { ...whole, version: 0 },
    { ...whole, version: 2 ** 31 },
    { ...whole, version: 1.5 },
    { ...whole, at: -1 },
    { ...whole, prev: new Uint8Array(31) },
    { ...whole, prev: '' },
    { ...whole, group: whole.group.toUpperCase() },
    { ...whole, group: 'club' },
    { ...whole, author: 'Alice' },
    { ...whole, authorDevice: '' },
    { ...whole, action: 'steal' },
    { ...whole, subjects: ['bob', 'bob'] },
    { ...whole, subjects: ['carol', 'bob'] },
    { ...whole, subjects: [1] },
    { ...whole, members: [bob, alice] },
    { ...whole, members: [alice, alice] },
    { ...whole, members: [{ ...alice, admin: 1 }, bob] },
    { ...whole, members: [{ ...alice, identityKey: new Uint8Array(31) }, bob] },
    { ...whole, members: [{ ...alice, extra: true }, bob] },
    {
      ...whole,
      members: Array.from({ length: 257 }, (_, n) => ({ ...alice, user: `m${1000 + n}` })),
    },
    ...[
      '',
      ' club',
      'club ',
      'x'.repeat(65),
      'a\nb',
      'a\u0000b',
      'a\u202eb',
      'a\u200fb',
      'a\u2028b',
      'a\u009bb',
      '\ufeff',
    ].map((name) => ({ ...whole, name })),
  ]
  for (const fields of readable) await areRead(encodeEntry(fields), true)
  for (const fields of unreadable) await areRead(encodeEntry(fields), false)
})

test('server and clients agree on any bytes that are nearly an entry', async () => {
  const bytes = encodeEntry(whole)
  await fc.assert(
    fc.asyncProperty(
      fc.nat(bytes.length - 1),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const changed = Uint8Array.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ flip
        await areRead(changed)
        await areRead(changed.slice(0, at))
      },
    ),
    { numRuns: 2000 },
  )
})

async function areRead(bytes: Uint8Array<ArrayBuffer>, expected?: boolean): Promise<void> {
  const inServer = readInServer(bytes) !== undefined
  const shown = Buffer.from(bytes).toString('latin1')
  assert.equal((await readInClient(bytes)) !== undefined, inServer, shown)
  if (expected !== undefined) assert.equal(inServer, expected, shown)
}

test('a signature that a client makes is good in the server, for that entry and that key only', async () => {
  const keys = await generateDeviceKeys({ extractable: true })
  const { entry, signature } = await signRosterEntry(keys, whole as never)

  const isGood = (key: Uint8Array, bytes: Uint8Array) =>
    verifyInContext('roster', key, signature, bytes)
  assert.equal(isGood(keys.signingKey, entry.bytes), true)
  assert.equal(isGood(createDevice().signing.publicKey, entry.bytes), false)
  assert.equal(isGood(keys.signingKey, encodeEntry({ ...whole, at: 1 })), false)
  assert.equal(verifyInContext('deviceList', keys.signingKey, signature, entry.bytes), false)

  const own = createDevice()
  const signed = { entry, signature: signAsServerTests(own, entry.bytes) }
  assert.equal(await isSignedBy(own.signing.publicKey, signed), true)
})
