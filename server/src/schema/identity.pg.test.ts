import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { graphql } from 'graphql'
import { createTestDatabase } from '../../../tests/support/database.ts'
import type { Deps } from '../domain/deps.ts'
import { createOpaqueSetup } from '../domain/identity/opaque-server.ts'
import type { Viewer } from '../domain/viewer.ts'
import { type IdentityServer, startIdentityServer } from '../testing/identity-server.ts'
import { beginSignIn, type Person, signIn, signUp, viewerOf } from '../testing/person.ts'
import type { Context } from './builder.ts'
import { schema } from './index.ts'
import { encodeNodeId } from './node-id.ts'

let server: IdentityServer
let alice: Person
let drop: () => Promise<void>

before(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  server = startIdentityServer({ url: database.url, serverSetup: await createOpaqueSetup() })
  alice = await signUp(server.deps, 'alice')
  await signUp(server.deps, 'bob')
})
after(async () => {
  await server.close()
  await drop()
})

const unknownId = encodeNodeId('Account', randomUUID())

async function ask(source: string, viewer: Viewer | null, variables: Record<string, unknown> = {}) {
  // The part of the dependencies that these fields touch.
  const deps = server.deps as Deps
  const contextValue: Context = { deps, viewer, operator: null, network: 'net', socket: null }
  const { data, errors } = await graphql({
    schema,
    source,
    contextValue,
    variableValues: variables,
  })
  return {
    // As a client gets it: without prototypes.
    data: JSON.parse(JSON.stringify(data ?? null)),
    errors: (errors ?? []).map(({ message, originalError, extensions }) => {
      const code =
        originalError !== undefined && 'code' in originalError
          ? originalError.code
          : extensions.code
      return { message, code }
    }),
  }
}

const startSignInMutation = `mutation ($username: String!, $startLoginRequest: String!) {
  startSignIn(input: { username: $username, startLoginRequest: $startLoginRequest }) {
    __typename
    ... on StartSignInPayload { signInId attemptsLeft }
    ... on InvalidInputError { field }
    ... on UserError { code message }
  }
}`

test('a signed-in person sees the own account, vault and device', async () => {
  const { data, errors } = await ask(
    '{ me { vault vaultVersion device { deviceId name } account { username deviceListVersion devices { deviceId } } } }',
    alice.viewer,
  )

  assert.deepEqual(errors, [])
  assert.deepEqual(data.me, {
    vault: 'AQID',
    vaultVersion: 1,
    device: { deviceId: alice.device.id, name: 'laptop' },
    account: { username: 'alice', deviceListVersion: 1, devices: [{ deviceId: alice.device.id }] },
  })
})

test('a session without a device sees itself and nobody else', async () => {
  const { token } = await signIn(server.deps, alice)
  const viewer = await viewerOf(server.deps, token)

  const own = await ask('{ me { device { deviceId } } }', viewer)
  assert.deepEqual(own, { data: { me: { device: null } }, errors: [] })

  for (const source of [
    '{ account(username: "bob") { username } }',
    '{ accounts(usernames: ["bob"]) { username } }',
    '{ searchAccounts(prefix: "bo") { edges { cursor } } }',
    `{ node(id: "${unknownId}") { id } }`,
    `{ nodes(ids: ["${unknownId}"]) { id } }`,
  ])
    assert.deepEqual(
      (await ask(source, viewer)).errors.map(({ code }) => code),
      ['FORBIDDEN'],
      source,
    )
})

test('a stranger sees nothing', async () => {
  for (const source of [
    '{ me { vault } }',
    '{ account(username: "bob") { username } }',
    '{ accounts(usernames: ["bob"]) { username } }',
    '{ searchAccounts(prefix: "bo") { edges { cursor } } }',
    `{ node(id: "${unknownId}") { id } }`,
    'mutation { signOut { __typename } }',
  ])
    assert.deepEqual(
      (await ask(source, null)).errors.map(({ code }) => code),
      ['UNAUTHENTICATED'],
      source,
    )
})

test('neither OPAQUE record nor skeleton nor vault of an account is in the schema', () => {
  const fields = ['Account', 'Device'].flatMap((name) => {
    const type = schema.getType(name)
    return type !== undefined && 'getFields' in type ? Object.keys(type.getFields()) : []
  })

  assert.ok(fields.includes('identityKey'))
  for (const field of fields) assert.doesNotMatch(field, /opaque|skeleton|vault|session/i)
})

test('an account is fetched again by its opaque id', async () => {
  const found = await ask('{ account(username: "BOB") { id username } }', alice.viewer)

  const again = await ask(
    'query ($id: ID!) { node(id: $id) { ... on Account { username } } }',
    alice.viewer,
    {
      id: found.data.account.id,
    },
  )

  assert.deepEqual(again, { data: { node: { username: 'bob' } }, errors: [] })
})

test('an id of nothing is null, and what is no id is refused', async () => {
  assert.deepEqual(await ask(`{ node(id: "${unknownId}") { id } }`, alice.viewer), {
    data: { node: null },
    errors: [],
  })

  for (const id of ['', 'x', btoa('Account:1'), btoa(`Session:${randomUUID()}`)])
    assert.deepEqual(
      (await ask(`{ node(id: "${id}") { id } }`, alice.viewer)).errors.map(({ code }) => code),
      ['BAD_USER_INPUT'],
      id,
    )
})

test('pages of a search join by their cursors', async () => {
  const source = `query ($after: String) { searchAccounts(prefix: "bo", first: 1, after: $after) {
    edges { node { username } cursor } pageInfo { hasNextPage endCursor } } }`
  await signUp(server.deps, 'boris')

  const first = await ask(source, alice.viewer)
  const { endCursor } = first.data.searchAccounts.pageInfo
  const second = await ask(source, alice.viewer, { after: endCursor })

  assert.deepEqual(first.data.searchAccounts.edges.map(nameOf), ['bob'])
  assert.deepEqual(second.data.searchAccounts.edges.map(nameOf), ['boris'])
  assert.equal(second.data.searchAccounts.pageInfo.hasNextPage, false)
})

function nameOf(edge: { node: { username: string } }): string {
  return edge.node.username
}

test('a cursor that is not ours, a page too large and a prefix too short are refused', async () => {
  for (const args of [
    'prefix: "bo", after: "JyBPUiAx"',
    'prefix: "bo", first: 101',
    'prefix: "bo", first: 0',
    'prefix: "b"',
  ])
    assert.deepEqual(
      (await ask(`{ searchAccounts(${args}) { edges { cursor } } }`, alice.viewer)).errors.map(
        ({ code }) => code,
      ),
      ['BAD_USER_INPUT'],
      args,
    )
})

test('a list of accounts with presence and devices costs a fixed number of statements', async () => {
  const source =
    'query ($usernames: [String!]!) { accounts(usernames: $usernames) { username online devices { deviceId } } }'
  const count = (usernames: string[]) =>
    server.countQueries(async () => {
      const { errors } = await ask(source, alice.viewer, { usernames })
      assert.deepEqual(errors, [])
    })

  const queries = await count(['alice', 'bob', 'boris'])

  assert.equal(queries, await count(['alice']))
  // The limit, the accounts, presence, devices.
  assert.ok(queries <= 5, `${queries} queries`)
})

test('what is declined is a member of the result', async () => {
  const { data, errors } = await ask(startSignInMutation, null, {
    username: 'a b',
    startLoginRequest: 'x',
  })

  assert.deepEqual(errors, [])
  assert.equal(data.startSignIn.__typename, 'InvalidInputError')
  assert.equal(data.startSignIn.field, 'username')
  assert.equal(data.startSignIn.code, 'BAD_USER_INPUT')
})

test('a value beyond its bound is a member of the result too, and is not quoted', async () => {
  const { data, errors } = await ask(startSignInMutation, null, {
    username: 'alice',
    startLoginRequest: 's3cret'.repeat(1000),
  })

  assert.deepEqual(errors, [])
  assert.equal(data.startSignIn.field, 'startLoginRequest')
  assert.doesNotMatch(data.startSignIn.message, /s3cret/)
})

test('a sign-in through the schema answers with a session', async () => {
  const { signInId, proof } = await beginSignIn(server.deps, alice)
  const source = `mutation ($signInId: ID!, $proof: String!) {
    finishSignIn(input: { signInId: $signInId, finishLoginRequest: $proof }) {
      ... on SignedInPayload { token viewer { account { username online } device { deviceId } } }
      ... on WrongPasswordError { attemptsLeft }
    }
  }`

  const { data, errors } = await ask(source, null, { signInId, proof })
  const again = await ask(source, null, { signInId, proof })

  assert.deepEqual(errors, [])
  assert.match(data.finishSignIn.token, /^[\w-]{43}$/)
  assert.deepEqual(data.finishSignIn.viewer, {
    account: { username: 'alice', online: false },
    device: null,
  })
  assert.deepEqual(again.data.finishSignIn, { attemptsLeft: 0 })
})

test('signing out answers once for all', async () => {
  const { token } = await signIn(server.deps, { ...alice, boundTo: alice.device })
  const viewer = await viewerOf(server.deps, token)

  const { data } = await ask('mutation { signOut { ... on SignOutPayload { signedOut } } }', viewer)

  assert.deepEqual(data, { signOut: { signedOut: true } })
  await assert.rejects(viewerOf(server.deps, token))
})
