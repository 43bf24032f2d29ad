import type { ResultOf } from 'gql.tada'
import { fromScalar, toScalar } from './bytes-scalar.ts'
import type {
  AccountAnswer,
  ChatOperations,
  GroupAnswer,
  GroupHead,
  SignedIn,
  Viewer,
} from './chat-api.ts'
import { declined, type Problem } from './failure.ts'
import {
  type accountFields,
  accountQuery,
  accountsQuery,
  meQuery,
  registerDeviceMutation,
  revokeDeviceMutation,
  searchQuery,
  type viewerFields,
} from './operations/accounts.ts'
import { fileChunkQuery, startUploadMutation, uploadChunkMutation } from './operations/files.ts'
import {
  changeGroupMutation,
  createGroupMutation,
  type groupFields,
  groupQuery,
  groupsQuery,
} from './operations/groups.ts'
import {
  acknowledgeMutation,
  attachChallengeQuery,
  attachMailboxMutation,
  outcomesQuery,
  sendMessageMutation,
} from './operations/mailbox.ts'
import { balancerQuery, serviceQuery } from './operations/servers.ts'
import {
  finishSignInMutation,
  finishSignUpMutation,
  signOutMutation,
  startSignInMutation,
  startSignUpMutation,
} from './operations/sign-in.ts'
import type { Runner } from './runner.ts'

/** The same calls over HTTP and over a socket: only the runner differs. */
export function createOperations(run: Runner): ChatOperations {
  return {
    ...publicOperations(run),
    ...accountOperations(run),
    ...mailboxOperations(run),
    ...fileOperations(run),
    ...groupOperations(run),
  }
}

function publicOperations(run: Runner) {
  return {
    async balancer() {
      const { balancer } = await run.query(balancerQuery, {})
      return balancer.servers.map((server) => ({ ...server, id: String(server.id) }))
    },
    async service() {
      const { service } = await run.query(serviceQuery, {})
      const { version, messageTtlMs, serverTime } = service
      return { version, messageTtlMs, serverTimeMs: Date.parse(serverTime) }
    },
    async startSignUp(input) {
      const { startSignUp } = await run.mutation(startSignUpMutation, { input })
      return accepted(startSignUp, 'StartSignUpPayload')
    },
    async finishSignUp(input) {
      const { finishSignUp } = await run.mutation(finishSignUpMutation, {
        input: {
          ...input,
          vault: toScalar(input.vault),
          deviceList: toScalar(input.deviceList),
          deviceListSignature: toScalar(input.deviceListSignature),
          deviceProof: toScalar(input.deviceProof),
        },
      })
      return signedIn(accepted(finishSignUp, 'SignedInPayload'))
    },
    async startSignIn(input) {
      const { startSignIn } = await run.mutation(startSignInMutation, { input })
      return accepted(startSignIn, 'StartSignInPayload')
    },
    async finishSignIn({ signInId, finishLoginRequest, device }) {
      const { finishSignIn } = await run.mutation(finishSignInMutation, {
        input: {
          signInId,
          finishLoginRequest,
          ...(device !== undefined && {
            deviceId: device.deviceId,
            deviceProof: toScalar(device.deviceProof),
          }),
        },
      })
      return signedIn(accepted(finishSignIn, 'SignedInPayload'))
    },
  } satisfies Partial<ChatOperations>
}

function accountOperations(run: Runner) {
  return {
    async signOut() {
      accepted((await run.mutation(signOutMutation, {})).signOut, 'SignOutPayload')
    },
    async me() {
      return viewer((await run.query(meQuery, {})).me)
    },
    async account(username) {
      const found = (await run.query(accountQuery, { username })).account
      return found === null ? null : account(found)
    },
    async accounts(usernames) {
      const { accounts } = await run.query(accountsQuery, { usernames: [...usernames] })
      return accounts.map((found) => (found === null ? null : account(found)))
    },
    async searchAccounts(prefix, first) {
      const { searchAccounts } = await run.query(searchQuery, { prefix, first })
      return (searchAccounts.edges ?? []).flatMap((edge) =>
        edge?.node ? [account(edge.node)] : [],
      )
    },
    async registerDevice({ deviceId, deviceList, deviceListSignature, deviceProof }) {
      const { registerDevice } = await run.mutation(registerDeviceMutation, {
        input: {
          deviceId,
          deviceList: toScalar(deviceList),
          deviceListSignature: toScalar(deviceListSignature),
          deviceProof: toScalar(deviceProof),
        },
      })
      return account(accepted(registerDevice, 'RegisterDevicePayload').account)
    },
    async revokeDevice({ deviceId, deviceList, deviceListSignature }) {
      const { revokeDevice } = await run.mutation(revokeDeviceMutation, {
        input: {
          deviceId,
          deviceList: toScalar(deviceList),
          deviceListSignature: toScalar(deviceListSignature),
        },
      })
      return account(accepted(revokeDevice, 'RevokeDevicePayload').account)
    },
  } satisfies Partial<ChatOperations>
}

function mailboxOperations(run: Runner) {
  return {
    async attachChallenge() {
      const { service, attachChallenge } = await run.query(attachChallengeQuery, {})
      const challenge = fromScalar(attachChallenge.challenge)
      return { serverId: String(service.serverId), challenge }
    },
    async attachMailbox({ challenge, signature, after }) {
      const { attachMailbox } = await run.mutation(attachMailboxMutation, {
        input: {
          challenge: toScalar(challenge),
          signature: toScalar(signature),
          ...(after !== undefined && { after }),
        },
      })
      const attached = accepted(attachMailbox, 'AttachMailboxPayload')
      return { ...attached, serverTimeMs: Date.parse(attached.serverTime) }
    },
    async sendMessage({ clientMessageId, envelope, fileId, group: ofGroup, to }) {
      const addressees = to.map(({ keys, ...addressee }) => ({
        ...addressee,
        keys: keys.map(({ deviceId, wrappedKey }) => ({
          deviceId,
          wrappedKey: toScalar(wrappedKey),
        })),
      }))
      const { sendMessage } = await run.mutation(sendMessageMutation, {
        input: {
          clientMessageId,
          envelope: toScalar(envelope),
          to: addressees,
          ...(fileId !== undefined && { fileId }),
          ...(ofGroup !== undefined && { group: ofGroup }),
        },
      })
      const { deliveries, ...times } = accepted(sendMessage, 'SendMessagePayload')
      return {
        deliveries,
        acceptedAtMs: Date.parse(times.acceptedAt),
        expiresAtMs: Date.parse(times.expiresAt),
        serverTimeMs: Date.parse(times.serverTime),
      }
    },
    async acknowledge(input) {
      const { acknowledge } = await run.mutation(acknowledgeMutation, { input })
      accepted(acknowledge, 'AcknowledgePayload')
    },
    async outcomes(clientMessageIds) {
      const { outcomes } = await run.query(outcomesQuery, {
        clientMessageIds: [...clientMessageIds],
      })
      return outcomes.map(({ expiresAt, ...outcome }) => {
        return { ...outcome, expiresAtMs: Date.parse(expiresAt) }
      })
    },
  } satisfies Partial<ChatOperations>
}

function fileOperations(run: Runner) {
  return {
    async startUpload(input) {
      const { startUpload } = await run.mutation(startUploadMutation, { input })
      return accepted(startUpload, 'StartUploadPayload').upload
    },
    async uploadChunk({ data, ...place }) {
      const { uploadChunk } = await run.mutation(uploadChunkMutation, {
        input: { ...place, data: toScalar(data) },
      })
      accepted(uploadChunk, 'UploadChunkPayload')
    },
    async fileChunk(place) {
      const { fileChunk } = await run.query(fileChunkQuery, place)
      return fileChunk === null ? null : fromScalar(fileChunk.data)
    },
  } satisfies Partial<ChatOperations>
}

function groupOperations(run: Runner) {
  return {
    async createGroup({ groupId, entry, signature }) {
      const { createGroup } = await run.mutation(createGroupMutation, {
        input: { groupId, entry: toScalar(entry), signature: toScalar(signature) },
        after: 0,
      })
      return group(accepted(createGroup, 'CreateGroupPayload').group)
    },
    async changeGroup({ groupId, version, entry, signature }) {
      const { changeGroup } = await run.mutation(changeGroupMutation, {
        input: { groupId, entry: toScalar(entry), signature: toScalar(signature) },
        after: version - 1,
      })
      return group(accepted(changeGroup, 'ChangeGroupPayload').group)
    },
    async groups() {
      const heads: GroupHead[] = []
      let after: string | null = null
      do {
        const page: PageOfGroups = (await run.query(groupsQuery, { after })).groups
        heads.push(...page.edges.map(({ node }) => node))
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null
      } while (after !== null)
      return heads
    },
    async group(groupId, after) {
      const found = (await run.query(groupQuery, { groupId, after })).group
      return found === null ? null : group(found)
    },
  } satisfies Partial<ChatOperations>
}

type PageOfGroups = ResultOf<typeof groupsQuery>['groups']

/** The payload of that name, or the refusal as a `ChatError`. */
function accepted<R extends { readonly __typename: string }, Name extends R['__typename']>(
  result: R,
  name: Name,
): Extract<R, { readonly __typename: Name }> {
  if (result.__typename === name) return result as Extract<R, { readonly __typename: Name }>
  const { __typename, ...declinedWith } = result
  throw declined(declinedWith as unknown as Problem)
}

function account(fields: ResultOf<typeof accountFields>): AccountAnswer {
  return {
    username: fields.username,
    deviceList: fromScalar(fields.deviceList),
    deviceListSignature: fromScalar(fields.deviceListSignature),
    deviceListVersion: fields.deviceListVersion,
    online: fields.online,
  }
}

function group({ entries, headHash, ...head }: ResultOf<typeof groupFields>): GroupAnswer {
  return {
    ...head,
    headHash: fromScalar(headHash),
    entries: entries.map(({ entry, signature, createdAt }) => ({
      entry: fromScalar(entry),
      signature: fromScalar(signature),
      createdAtMs: Date.parse(createdAt),
    })),
  }
}

function viewer(fields: ResultOf<typeof viewerFields>): Viewer {
  return {
    vault: fromScalar(fields.vault),
    vaultVersion: fields.vaultVersion,
    account: account(fields.account),
  }
}

function signedIn(payload: {
  readonly token: string
  readonly expiresAt: string
  readonly viewer: ResultOf<typeof viewerFields>
}): SignedIn {
  return {
    token: payload.token,
    expiresAtMs: Date.parse(payload.expiresAt),
    viewer: viewer(payload.viewer),
  }
}
