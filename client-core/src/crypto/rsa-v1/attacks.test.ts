import assert from 'node:assert/strict'
import { constants, publicEncrypt } from 'node:crypto'
import { test } from 'node:test'
import type { Bytes, Plaintext } from '../../brands.ts'
import {
  carelessOpen,
  type Forgery,
  forge,
  signAs,
  unwrapKey,
  wrapKey,
} from '../../testing/vectors/forge.ts'
import {
  openRequest,
  type Person,
  person,
  sealRequest,
  type TestDevice,
} from '../../testing/vectors/people.ts'
import { makeSalamander } from '../../testing/vectors/salamander.ts'
import { encryptAes, importAesKey } from '../aead.ts'
import { concat, noBytes, randomBytes, utf8 } from '../bytes.ts'
import { signatureContexts } from '../context-signature.ts'
import { directConversation } from '../conversation.ts'
import { verifyDeviceList } from '../device-list.ts'
import { createDeviceList, revokeDevice } from '../device-list-changes.ts'
import { proveAttach } from '../device-proof.ts'
import { sha256 } from '../hash.ts'
import { type OpenRequest, UndecryptableError } from '../message-protocol.ts'
import { encryptRsa } from '../rsa-oaep.ts'
import { encodeEnvelope, parseEnvelope, signedParts } from './envelope.ts'
import { rsaV1 } from './rsa-v1.ts'

const [alice, bob, carol, dave, mallory] = (await Promise.all(
  (['alice', 'bob', 'carol', 'dave', 'mallory'] as const).map(person),
)) as [Person, Person, Person, Person, Person]
const everyone = [alice, bob, carol, dave, mallory]
const aliceAndBob = directConversation(alice.username, bob.username)
const group = 'group:0000000a-0000-4000-8000-00000000000a'
const { message: refusal } = new UndecryptableError()

async function assertRefused(request: OpenRequest): Promise<void> {
  await assert.rejects(rsaV1.open(request), (error: unknown) => {
    assert.ok(error instanceof UndecryptableError)
    assert.equal(error.message, refusal)
    assert.equal(error.cause, undefined)
    return true
  })
}

function fromMallory(fields: Partial<Forgery>): Forgery {
  return {
    claimed: mallory,
    conversation: group,
    messageKey: randomBytes(32),
    content: utf8('hello'),
    readers: [bob, carol],
    sign: signAs(mallory.devices[0]),
    ...fields,
  }
}

test('the forging tools make a message that opens when nothing is wrong with it', async () => {
  const opened = await rsaV1.open(openRequest(await forge(fromMallory({})), bob, everyone))

  assert.equal(opened.senderUser, 'mallory')
})

test('T3: a message shown as from alice but signed by mallory is refused', async () => {
  const forged = await forge(fromMallory({ claimed: alice }))

  await assertRefused(openRequest(forged, bob, everyone))
})

test('T3: it would open for a client that takes device keys the owner has not signed', async () => {
  const forged = await forge(fromMallory({ claimed: alice }))
  const stolen = { ...mallory.devices[0], id: alice.devices[0].id }
  const planted = await createDeviceList(mallory.identity, alice.username, stolen)
  const lookUpSender = async () => planted.list

  const fooled = await rsaV1.open({ ...openRequest(forged, bob, everyone), lookUpSender })
  const checked = await verifyDeviceList(planted.bytes, planted.signature, {
    username: alice.username,
    identityKey: alice.identity.publicKey,
    minVersion: 1,
    seenHash: null,
  })

  assert.equal(fooled.senderUser, 'alice')
  assert.deepEqual(checked, { kind: 'refused', reason: 'identity-changed' })
})

test('T3: a device list of another user never vouches for the sender', async () => {
  const forged = await forge(fromMallory({}))
  const signed = await createDeviceList(dave.identity, dave.username, mallory.devices[0])
  const lookUpSender = async () => signed.list

  await assertRefused({ ...openRequest(forged, bob, everyone), lookUpSender })
})

test('T3: a message of a revoked device is refused once the new list is known', async () => {
  const sealed = await rsaV1.seal(sealRequest(alice, [bob], { conversation: aliceAndBob }))
  const { list } = await revokeDevice(alice.identity, alice.signedList.list, alice.devices[0].id)

  await rsaV1.open(openRequest(sealed, bob, everyone))
  await assertRefused({ ...openRequest(sealed, bob, everyone), lookUpSender: async () => list })
})

test('T3: nobody else speaks in the conversation of two', async () => {
  await assert.rejects(
    forge(fromMallory({ conversation: aliceAndBob, readers: [bob] })),
    /a stranger stands in a direct conversation/,
  )
})

test('T12: an attach challenge chosen by a server is never a signature on a message', async () => {
  const { keys, id } = alice.devices[0]
  const asAttachProof = (parts: readonly Bytes[]) =>
    proveAttach(keys, {
      serverId: 's1',
      deviceId: id,
      challenge: concat(utf8(signatureContexts.message), ...parts),
    })
  const asRawSignature = async (parts: readonly Bytes[]) => {
    const challenge = concat(utf8(signatureContexts.message), ...parts)
    const raw = await crypto.subtle.sign('Ed25519', keys.privateKeys.signing, challenge)
    return new Uint8Array(raw)
  }

  const forged = await forge(fromMallory({ claimed: alice, sign: asAttachProof }))
  await assertRefused(openRequest(forged, bob, everyone))

  // The twin: a client that signs whatever challenge it is sent.
  const twin = await forge(fromMallory({ claimed: alice, sign: asRawSignature }))
  assert.equal((await rsaV1.open(openRequest(twin, bob, everyone))).senderUser, 'alice')
})

test('T17: wraps broken in every way end in the same error', async () => {
  const key = randomBytes(32)
  const brokenWraps: Record<string, (device: TestDevice, header: Bytes) => Promise<Bytes>> = {
    'PKCS#1 v1.5 padding': async (device) => {
      const spki = { key: Buffer.from(device.encryptionKey), format: 'der', type: 'spki' } as const
      const options = { ...spki, padding: constants.RSA_PKCS1_PADDING }
      return new Uint8Array(publicEncrypt(options, key))
    },
    'no label': async (device) => encryptRsa(device.encryptionKey, key, noBytes),
    'the label of another device': async (device, header) =>
      wrapKey({ ...device, id: carol.devices[0].id }, header, key),
    'random bytes': async () => randomBytes(384),
    'a number above the modulus': async () => new Uint8Array(384).fill(0xff),
    'too short': async () => randomBytes(383),
    empty: async () => noBytes,
    'a short key': async (device, header) => wrapKey(device, header, key.slice(0, 16)),
    'another key': async (device, header) => wrapKey(device, header, randomBytes(32)),
  }
  for (const [name, wrap] of Object.entries(brokenWraps)) {
    const forged = await forge(fromMallory({ messageKey: key, readers: [bob], wrap }))

    await assertRefused(openRequest(forged, bob, everyone)).catch((cause) => {
      throw new Error(name, { cause })
    })
  }
})

test('T20: a ciphertext that opens to two texts under two keys reaches only one reader', async () => {
  const keys = [randomBytes(32), randomBytes(32)] as const
  const texts = [utf8('Meet at the mill'), utf8('Meet at the dock')] as const
  const salamander = await forge(
    fromMallory({
      messageKey: keys[0],
      wrap: (device, header) => wrapKey(device, header, keys[device === bob.devices[0] ? 0 : 1]),
      encryptBody: async (headerHash) => makeSalamander(keys, texts, headerHash),
    }),
  )
  const forBob = openRequest(salamander, bob, everyone)
  const forCarol = openRequest(salamander, carol, everyone)

  // The twin without a key commitment shows each of them another text under one signature.
  assert.deepEqual((await carelessOpen(forBob)).slice(0, 16), texts[0])
  assert.deepEqual((await carelessOpen(forCarol)).slice(16, 32), texts[1])
  await rsaV1.open(forBob)
  await assertRefused(forCarol)
})

test('T21: a message that bob wraps again for dave is refused by dave', async () => {
  const sealed = await rsaV1.seal(sealRequest(alice, [bob], { conversation: aliceAndBob }))
  const { header } = parseEnvelope(sealed.envelope)
  const [bobs] = sealed.wraps
  assert.ok(bobs)
  const device = bob.devices.find(({ id }) => id === bobs.deviceId)
  assert.ok(device)
  const messageKey = await unwrapKey(device, header, bobs.wrap)
  const wrap = await wrapKey(dave.devices[0], header, messageKey)
  const forDave = { ...openRequest(sealed, dave, everyone), wrap }

  // The twin does not ask for whom the signature was made.
  assert.deepEqual(await carelessOpen(forDave), utf8('Meet at the old bridge.'))
  await assertRefused(forDave)
})

test('T21: a reader who is in the header only under the name of another is refused', async () => {
  const carolWithBobsDevice = { ...carol, devices: bob.devices }
  const forged = await forge(fromMallory({ readers: [carolWithBobsDevice] }))

  await rsaV1.open(openRequest(forged, carolWithBobsDevice, everyone))
  await assertRefused(openRequest(forged, bob, everyone))
})

test('T21: a wrap the sender did not sign is refused though it holds the right key', async () => {
  const forged = await forge(fromMallory({ readers: [bob] }))
  const { header } = parseEnvelope(forged.envelope)
  const honest = openRequest(forged, bob, everyone)
  const messageKey = await unwrapKey(bob.devices[0], header, honest.wrap)

  await assertRefused({ ...honest, wrap: await wrapKey(bob.devices[0], header, messageKey) })
})

test('T34: a message under a shorter key than the protocol has is refused', async () => {
  const forged = await forge(fromMallory({ messageKey: randomBytes(16) }))

  await assertRefused(openRequest(forged, bob, everyone))
})

test('a message that signs for more wraps than it has readers is refused', async () => {
  const forged = await forge(fromMallory({}))
  const parsed = parseEnvelope(forged.envelope)
  const wrapHashes = [...parsed.wrapHashes, randomBytes(32)]
  const parts = await signedParts(await sha256(parsed.header), { ...parsed, wrapHashes })
  const signature = await signAs(mallory.devices[0])(parts)
  const envelope = encodeEnvelope({ ...parsed, wrapHashes, signature })

  await assertRefused(openRequest({ ...forged, envelope }, bob, everyone))
})

test('T21: recipients added to a signed header break the signature', async () => {
  const mine = await forge(fromMallory({ claimed: alice, sign: signAs(alice.devices[0]) }))
  const other = await forge(fromMallory({ readers: [bob, carol, dave] }))
  const { signature } = parseEnvelope(mine.envelope)
  const grafted = encodeEnvelope({ ...parseEnvelope(other.envelope), signature })

  await assertRefused(openRequest({ ...other, envelope: grafted }, dave, everyone))
})

test('T23: a long text is sealed, which RSA alone cannot do', async () => {
  const content = utf8('long '.repeat(100_000)) as Plaintext
  const request = sealRequest(alice, [bob], { conversation: aliceAndBob, content })

  const sealed = await rsaV1.seal(request)
  const opened = await rsaV1.open(openRequest(sealed, bob, everyone))

  assert.deepEqual(opened.content, content)
  assert.ok(sealed.wraps.every(({ wrap }) => wrap.length === 384))
  // The seed's way: the text itself through RSA.
  await assert.rejects(encryptRsa(bob.devices[0].encryptionKey, content, noBytes))
})

test('T23: a text put directly into the RSA block is refused', async () => {
  const forged = await forge(
    fromMallory({ wrap: (device, header) => wrapKey(device, header, utf8('a text, not a key')) }),
  )

  await assertRefused(openRequest(forged, bob, everyone))
})

test('T22: a message from within whose padding is wrong releases no part of its text', async () => {
  const messageKey = randomBytes(32)
  const forged = await forge(
    fromMallory({
      messageKey,
      encryptBody: async (headerHash) =>
        encryptAes(await importAesKey(messageKey, 'encrypt'), utf8('no padding'), headerHash),
    }),
  )

  await assertRefused(openRequest(forged, bob, everyone))
})
