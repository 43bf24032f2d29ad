import { randomUUID } from 'node:crypto'
import type { Account } from '../../support/account.ts'
import type { PreparedEntry } from '../../support/group.ts'
import type { SendInput } from '../../support/sealed-message.ts'
import { type StartUploadInput, sealedChunkBytes } from '../../support/upload.ts'

/** What the examples are made from. */
export interface World {
  readonly alice: Account
  readonly bob: Account
  readonly attachmentId: string
  readonly message: SendInput
  /** A group of Alice and Bob. */
  readonly club: PreparedEntry
  /** A file of two chunks that Alice has begun to upload. */
  readonly upload: StartUploadInput
}

export interface OperationCase {
  readonly document: string
  /** An example that a server understands, which need not be granted. */
  variables(world: World): Record<string, unknown>
  /** Who may ask at all. */
  readonly asks: 'anybody' | 'a session' | 'a device' | 'an operator'
}

const result = '{ __typename ... on UserError { code message } }'
const uuid = '6f9619ff-8b86-4011-b42d-00c04fc964ff'
const bytes = (length: number) => Buffer.alloc(length, 7).toString('base64url')

const anybody = (document: string): OperationCase => {
  return { document, asks: 'anybody', variables: () => ({}) }
}

const entry = { groupId: uuid, entry: bytes(300), signature: bytes(64) }
const list = { deviceList: bytes(400), deviceListSignature: bytes(64) }

/** By the name it has in the schema. A test fails when one is missing. */
export const operationCases: Readonly<Record<string, OperationCase>> = {
  'Query.balancer': anybody('{ balancer { measuredAt servers { id pingHistory { at } } } }'),
  'Query.fastestServer': anybody('{ fastestServer { id } }'),
  'Query.service': anybody('{ service { version } }'),
  'Query.me': { document: '{ me { vaultVersion } }', asks: 'a session', variables: () => ({}) },
  'Query.account': {
    document: 'query ($username: String!) { account(username: $username) { id } }',
    asks: 'a device',
    variables: () => ({ username: 'bob' }),
  },
  'Query.accounts': {
    document: 'query ($usernames: [String!]!) { accounts(usernames: $usernames) { id } }',
    asks: 'a device',
    variables: () => ({ usernames: ['bob', 'nobody'] }),
  },
  'Query.searchAccounts': {
    document:
      'query ($prefix: String!, $first: Int, $after: String) { searchAccounts(prefix: $prefix, first: $first, after: $after) { edges { cursor } } }',
    asks: 'a device',
    variables: () => ({ prefix: 'bo', first: 5, after: null }),
  },
  'Query.attachChallenge': {
    document: '{ attachChallenge { challenge } }',
    asks: 'a device',
    variables: () => ({}),
  },
  'Query.inbox': {
    document:
      'query ($attachmentId: ID!, $after: Cursor, $first: Int) { inbox(attachmentId: $attachmentId, after: $after, first: $first) { serverTime } }',
    asks: 'a device',
    variables: ({ attachmentId }) => ({ attachmentId, after: '0', first: 5 }),
  },
  'Query.group': {
    document: 'query ($groupId: ID!) { group(groupId: $groupId) { version } }',
    asks: 'a device',
    variables: ({ club }) => ({ groupId: club.entry.group }),
  },
  'Query.groups': {
    document:
      'query ($first: Int, $after: String) { groups(first: $first, after: $after) { edges { cursor node { name entries { version } members { edges { cursor } } } } } }',
    asks: 'a device',
    variables: () => ({ first: 5, after: null }),
  },
  'Query.outcomes': {
    document: 'query ($ids: [ID!]!) { outcomes(clientMessageIds: $ids) { clientMessageId } }',
    asks: 'a device',
    variables: ({ message }) => ({ ids: [message.clientMessageId] }),
  },
  'Query.upload': {
    document: 'query ($fileId: ID!) { upload(fileId: $fileId) { receivedChunks } }',
    asks: 'a device',
    variables: ({ upload }) => ({ fileId: upload.fileId }),
  },
  'Query.fileChunk': {
    document:
      'query ($fileId: ID!, $index: Int!) { fileChunk(fileId: $fileId, index: $index) { data } }',
    asks: 'a device',
    variables: ({ upload }) => ({ fileId: upload.fileId, index: 1 }),
  },
  'Query.node': {
    document: 'query ($id: ID!) { node(id: $id) { id } }',
    asks: 'a device',
    variables: ({ bob }) => ({ id: nodeId(bob.clientId) }),
  },
  'Query.nodes': {
    document: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    asks: 'a device',
    variables: ({ bob }) => ({ ids: [nodeId(bob.clientId), nodeId(randomUUID())] }),
  },
  'Mutation.startSignUp': mutation('startSignUp', 'StartSignUpInput', 'anybody', () => ({
    username: 'mallory',
    registrationRequest: bytes(32),
  })),
  'Mutation.finishSignUp': mutation('finishSignUp', 'FinishSignUpInput', 'anybody', () => ({
    username: 'mallory',
    registrationRecord: bytes(192),
    vault: bytes(100),
    vaultVersion: 1,
    ...list,
    deviceId: uuid,
    deviceProof: bytes(64),
  })),
  'Mutation.startSignIn': mutation('startSignIn', 'StartSignInInput', 'anybody', () => ({
    username: 'nobody',
    startLoginRequest: bytes(96),
  })),
  'Mutation.finishSignIn': mutation('finishSignIn', 'FinishSignInInput', 'anybody', () => ({
    signInId: uuid,
    finishLoginRequest: bytes(64),
    deviceId: uuid,
    deviceProof: bytes(64),
  })),
  'Mutation.signOut': {
    document: `mutation { signOut ${result} }`,
    asks: 'a session',
    variables: () => ({}),
  },
  'Mutation.registerDevice': mutation('registerDevice', 'RegisterDeviceInput', 'a session', () => ({
    ...list,
    deviceId: uuid,
    deviceProof: bytes(64),
  })),
  'Mutation.revokeDevice': mutation('revokeDevice', 'RevokeDeviceInput', 'a device', (world) => ({
    ...list,
    deviceId: world.bob.deviceId,
  })),
  'Mutation.createGroup': mutation('createGroup', 'CreateGroupInput', 'a device', () => entry),
  'Mutation.changeGroup': mutation('changeGroup', 'ChangeGroupInput', 'a device', () => entry),
  'Mutation.attachMailbox': mutation('attachMailbox', 'AttachMailboxInput', 'a device', () => ({
    challenge: bytes(56),
    signature: bytes(64),
    after: '0',
  })),
  'Mutation.sendMessage': mutation(
    'sendMessage',
    'SendMessageInput',
    'a device',
    ({ message }) => ({ ...message }),
  ),
  'Mutation.startUpload': mutation('startUpload', 'StartUploadInput', 'a device', ({ upload }) => ({
    ...upload,
  })),
  'Mutation.uploadChunk': mutation(
    'uploadChunk',
    'UploadChunkInput',
    'a device',
    ({ upload: { fileId, size } }) => ({ fileId, index: 1, data: bytes(size - sealedChunkBytes) }),
  ),
  'Mutation.acknowledge': mutation('acknowledge', 'AcknowledgeInput', 'a device', (world) => ({
    attachmentId: world.attachmentId,
    upTo: '0',
  })),
  'Query.operator': {
    document: '{ operator { name } }',
    asks: 'an operator',
    variables: () => ({}),
  },
  'Query.operations': {
    document: '{ operations { verdict { sentence } audit(first: 3) { action } } }',
    asks: 'an operator',
    variables: () => ({}),
  },
  'Mutation.signInOperator': mutation('signInOperator', 'SignInOperatorInput', 'anybody', () => ({
    name: 'nobody',
    password: 'not the password',
  })),
  'Mutation.signOutOperator': {
    document: `mutation { signOutOperator ${result} }`,
    asks: 'an operator',
    variables: () => ({}),
  },
  'Mutation.drainServer': mutation('drainServer', 'DrainServerInput', 'an operator', () => ({
    serverId: 1,
    reason: 'to try it',
  })),
  'Mutation.resumeServer': mutation('resumeServer', 'ResumeServerInput', 'an operator', () => ({
    serverId: 1,
  })),
  'Mutation.revealRecipient': mutation(
    'revealRecipient',
    'RevealRecipientInput',
    'an operator',
    () => ({ recipient: 'AAAAAAAAAAAA' }),
  ),
  'Subscription.operations': {
    document:
      'subscription ($intervalMs: Int!) { operations(intervalMs: $intervalMs) { verdict { sentence } } }',
    asks: 'an operator',
    variables: () => ({ intervalMs: 1000 }),
  },
  'Subscription.inbox': {
    document:
      'subscription ($attachmentId: ID!) { inbox(attachmentId: $attachmentId) { serverTime } }',
    asks: 'a device',
    variables: () => ({ attachmentId: uuid }),
  },
}

function mutation(
  name: string,
  input: string,
  asks: OperationCase['asks'],
  example: (world: World) => Record<string, unknown>,
): OperationCase {
  const document = `mutation ($input: ${input}!) { ${name}(input: $input) ${result} }`
  return { document, asks, variables: (world) => ({ input: example(world) }) }
}

export function nodeId(clientId: string): string {
  return Buffer.from(`Account:${clientId}`).toString('base64url')
}
