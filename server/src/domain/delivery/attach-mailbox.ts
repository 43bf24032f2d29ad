import { randomUUID } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { ForbiddenError } from '../errors.ts'
import { isAttachProof } from '../identity/proofs.ts'
import { takeRate } from '../rate-limit.ts'
import type { DeviceViewer } from '../viewer.ts'

export interface AttachedMailbox {
  readonly attachmentId: string
  readonly resumeAfter: bigint
  readonly latest: bigint
  readonly expiredWhileAway: number
  readonly serverTime: Date
}

/**
 * Makes the caller the one reader of its mailbox. Needs the device key, not just the token: a stolen token reads nothing.
 * The cursor the reader comes with acknowledges everything up to it.
 */
export async function attachMailbox(
  deps: Deps,
  viewer: DeviceViewer,
  input: {
    readonly challenge: Uint8Array
    readonly signature: Uint8Array
    readonly after: bigint | null
  },
): Promise<AttachedMailbox> {
  await takeRate(deps, 'attach', viewer.deviceId)
  const device = await deps.store.accounts.findDevice(viewer.deviceId)
  const proven =
    device !== null &&
    isAttachProof({
      signingKey: device.signingKey,
      signature: input.signature,
      serverId: deps.server.id,
      deviceId: viewer.deviceId,
      challenge: input.challenge,
    }) &&
    deps.deliveries.challenges.redeem(viewer, input.challenge)
  if (!proven)
    throw new ForbiddenError(
      'The proof does not fit. Sign a fresh challenge of this server with the key of this device.',
    )

  const attachmentId = randomUUID()
  const attachment = await deps.store.mailboxes.attach(viewer.deviceId, attachmentId, input.after)
  if (attachment === null) throw new ForbiddenError('This device has been revoked. Sign in again.')
  const { ackedSeq, latestSeq, expired, previousServer, acked } = attachment
  if (previousServer !== null)
    deps.deliveries.notify(previousServer, {
      kind: 'attachment',
      deviceId: viewer.deviceId,
      attachmentId,
    })
  const now = new Date(deps.deliveries.now())
  deps.deliveries.announceOutcomes(viewer.deviceId, acked, now)
  return {
    attachmentId,
    resumeAfter: ackedSeq,
    latest: latestSeq,
    expiredWhileAway: expired,
    serverTime: now,
  }
}
