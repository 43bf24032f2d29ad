import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { addDevice, revokeDevice } from '../../client-core/src/crypto/device-list-changes.ts'
import { proveAttach, proveRegistration } from '../../client-core/src/crypto/device-proof.ts'
import { type Account, createAccount } from '../support/account.ts'
import { askOverHttp, codesOf } from '../support/ask-over-http.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { attach, openRawClient, type RawClient } from '../support/raw-client.ts'
import { base64url, sealedMessage, sendDocument } from '../support/sealed-message.ts'
import { openSql, type Sql } from '../support/sql.ts'

let cluster: Cluster
let sql: Sql
let bob: Account
let mallory: Account
let bobs: { readonly client: RawClient; readonly attachmentId: string }
let mallorys: RawClient

before(async () => {
  cluster = await startCluster({ servers: 1 })
  sql = await openSql(cluster.databaseUrl)
  bob = await createAccount(sql, 'bob')
  mallory = await createAccount(sql, 'mallory')
  const client = await openRawClient(cluster.serverUrl(1), bob.token)
  bobs = { client, attachmentId: await attach(client, bob) }
  mallorys = await openRawClient(cluster.serverUrl(1), mallory.token)
})
after(async () => {
  bobs.client.close()
  mallorys.close()
  await sql[Symbol.asyncDispose]()
  await cluster.close()
})

/** Mallory asks for something; it is declined with this code and changes nothing. */
async function isDeclined(code: string, document: string, variables: object): Promise<void> {
  const stored = await fingerprint(sql)
  assert.deepEqual(codesOf(await mallorys.ask(document, variables)), [code])
  assert.equal(await fingerprint(sql), stored)
}

const declined = '{ __typename ... on UserError { code } }'
const inbox = 'subscription ($id: ID!) { inbox(attachmentId: $id) { events { __typename } } }'
const readInbox = 'query ($id: ID!) { inbox(attachmentId: $id) { events { __typename } } }'
const acknowledge = `mutation ($input: AcknowledgeInput!) { acknowledge(input: $input) ${declined} }`
const attachMailbox = `mutation ($input: AttachMailboxInput!) { attachMailbox(input: $input) ${declined} }`
const registerDevice = `mutation ($input: RegisterDeviceInput!) { registerDevice(input: $input) ${declined} }`
const revoke = `mutation ($input: RevokeDeviceInput!) { revokeDevice(input: $input) ${declined} }`
const outcomes = 'query ($ids: [ID!]!) { outcomes(clientMessageIds: $ids) { clientMessageId } }'

test("T39: another's mailbox cannot be read, listened to or emptied, even by who knows its attachment", async () => {
  await bobs.client.ask(sendDocument, { input: await sealedMessage(bob, mallory, 'hello') })
  for (const id of [bobs.attachmentId, randomUUID()]) {
    await isDeclined('STALE_ATTACHMENT', inbox, { id })
    await isDeclined('STALE_ATTACHMENT', readInbox, { id })
    await isDeclined('STALE_ATTACHMENT', acknowledge, { input: { attachmentId: id, upTo: '1' } })
  }
})

test('a mailbox is not attached with a challenge or a signature of somebody else, nor twice with one', async () => {
  const sign = async (account: Account, challenge: string) =>
    base64url(
      await proveAttach(account.keys, {
        serverId: '1',
        deviceId: account.deviceId,
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
      }),
    )
  const [own, bobsChallenge] = [mallorys.hello.challenge ?? '', bobs.client.hello.challenge ?? '']
  const proofs = [
    { challenge: bobsChallenge, signature: await sign(mallory, bobsChallenge) },
    { challenge: bobsChallenge, signature: await sign(bob, bobsChallenge) },
    { challenge: own, signature: await sign(bob, own) },
  ]
  for (const input of proofs) await isDeclined('FORBIDDEN', attachMailbox, { input })

  const input = { challenge: own, signature: await sign(mallory, own) }
  assert.deepEqual(codesOf(await mallorys.ask(attachMailbox, { input })), [])
  await isDeclined('FORBIDDEN', attachMailbox, { input })
})

test("what others sent has no outcome for me, and I cannot send under another's id", async () => {
  const message = await sealedMessage(bob, mallory, 'mine')
  await bobs.client.ask(sendDocument, { input: message })

  const answer = await mallorys.ask(outcomes, { ids: [message.clientMessageId, randomUUID()] })

  assert.deepEqual(answer.data, { outcomes: [] })
})

test('a message is for exactly the devices of its account, and its id stands for one message', async () => {
  const message = await sealedMessage(mallory, bob, 'first')
  const [addressee] = message.to
  assert.ok(addressee)
  const key = { deviceId: randomUUID(), wrappedKey: 'AAAA' }
  const to = (changes: object) => [{ ...addressee, ...changes }]
  const clientMessageId = randomUUID()
  const refused: readonly (readonly [string, object])[] = [
    ['NOT_FOUND', { to: to({ username: 'nobody' }) }],
    ['STALE_DEVICE_LIST', { to: to({ deviceListVersion: 2 }) }],
    ['BAD_USER_INPUT', { to: to({ keys: [] }) }],
    ['BAD_USER_INPUT', { to: to({ keys: [key] }) }],
    ['BAD_USER_INPUT', { to: to({ keys: [...addressee.keys, key] }) }],
    ['BAD_USER_INPUT', { to: to({ keys: [...addressee.keys, ...addressee.keys] }) }],
    ['BAD_USER_INPUT', { to: [addressee, addressee] }],
    ['BAD_USER_INPUT', { to: Array.from({ length: 257 }, () => addressee) }],
    ['BAD_USER_INPUT', { to: to({ keys: Array.from({ length: 257 }, () => key) }) }],
    ['PAYLOAD_TOO_LARGE', { envelope: base64url(new Uint8Array(96 * 1024 + 1)) }],
    [
      'PAYLOAD_TOO_LARGE',
      {
        to: to({ keys: [{ deviceId: bob.deviceId, wrappedKey: base64url(new Uint8Array(1025)) }] }),
      },
    ],
  ]
  for (const [code, changes] of refused)
    await isDeclined(code, sendDocument, { input: { ...message, clientMessageId, ...changes } })

  const accepted = await mallorys.ask(sendDocument, { input: message })
  const stored = await fingerprint(sql)
  assert.deepEqual(await mallorys.ask(sendDocument, { input: message }), accepted)
  assert.equal(await fingerprint(sql), stored)
  const other = await sealedMessage(mallory, bob, 'second')
  await isDeclined('CONFLICT', sendDocument, {
    input: { ...other, clientMessageId: message.clientMessageId },
  })
})

test('nobody adds a device to the account of another, or takes one out', async () => {
  const { keys, identity } = mallory
  const { encryptionKey, signingKey } = keys
  const deviceId = randomUUID()
  const device = { id: deviceId, name: 'evil', encryptionKey, signingKey }
  const forged = await addDevice(identity, bob.signed.list, device)
  const own = await addDevice(identity, mallory.signed.list, device)
  const bobsOwn = await addDevice(bob.identity, bob.signed.list, device)
  const proof = base64url(await proveRegistration(keys, { username: bob.username, deviceId }))
  for (const list of [forged, own, bobsOwn]) {
    const input = {
      deviceList: base64url(list.bytes),
      deviceListSignature: base64url(list.signature),
      deviceId,
      deviceProof: proof,
    }
    // Mallory's session has a device already, so it registers no other, on whatever list.
    await isDeclined('FORBIDDEN', registerDevice, { input })
  }

  const without = await revokeDevice(bob.identity, bob.signed.list, bob.deviceId)
  const withoutOwn = await revokeDevice(mallory.identity, mallory.signed.list, mallory.deviceId)
  for (const list of [without, withoutOwn]) {
    const deviceList = base64url(list.bytes)
    const deviceListSignature = base64url(list.signature)
    await isDeclined('BAD_USER_INPUT', revoke, {
      input: { deviceList, deviceListSignature, deviceId: bob.deviceId },
    })
  }
})

test('whoever signs out ends their own session and no other', async () => {
  const carol = await createAccount(sql, 'carol')

  const answer = await askOverHttp(
    cluster.serverUrl(1),
    `mutation { signOut ${declined} }`,
    {},
    carol.token,
  )

  assert.equal(answer.data?.signOut.__typename, 'SignOutPayload')
  assert.deepEqual(codesOf(await bobs.client.ask('{ me { vaultVersion } }')), [])
  assert.ok(bobs.client.isOpen)
  await assert.rejects(openRawClient(cluster.serverUrl(1), carol.token), /closed with 4403/)
})
