import type { MessageArrived } from '../../api/chat-api.ts'
import type { Username } from '../../brands.ts'
import { equalBytes } from '../../crypto/bytes.ts'
import { groupOf } from '../../crypto/conversation.ts'
import type { MessageHeader, RosterPoint } from '../../crypto/message-protocol.ts'
import { memberOf, type RosterState } from '../../crypto/roster.ts'
import type { Clock } from '../clock.ts'
import type { Directory } from '../directory.ts'
import type { GroupRecord } from '../records.ts'
import type { GroupBook } from './group-book.ts'

/** The clock of a database may be set back a little. */
const clockSlackMs = 5_000
/**
 * This long after this device has learnt of a newer roster, no message for an older one is on its
 * way any more, whatever times a server gives: or somebody who was kicked could speak for ever.
 */
const lateMs = 15 * 60_000

interface Ports {
  readonly groups: GroupBook
  readonly directory: Directory
  readonly clock: Clock
  readonly me: { readonly user: Username }
}

/**
 * Whether a message of a group is between members: its sender, everybody it was sealed for and this
 * account, in the roster its sender names. Another roster of the same version is an alarm.
 */
export async function isAmongMembers(
  ports: Ports,
  { conversation, roster, senderUser, recipients }: MessageHeader,
  arrived: Pick<MessageArrived, 'acceptedAtMs'>,
): Promise<boolean> {
  const groupId = groupOf(conversation)
  if (groupId === undefined || roster === undefined) return true
  const state = await rosterOf(ports, groupId, { ...roster, by: senderUser })
  if (state === undefined) return false
  const users = [senderUser, ports.me.user, ...recipients.map(({ user }) => user)]
  if (!users.every((user) => memberOf(state, user) !== undefined)) return false
  return (await wasCurrent(ports, state, arrived)) && (await isKeyOf(ports, state, senderUser))
}

/** The roster that a message names, if it is the one this device has verified. */
async function rosterOf(
  { groups }: Ports,
  groupId: string,
  { version, hash, by }: RosterPoint & { readonly by: Username },
): Promise<RosterState | undefined> {
  const known = await groups.get(groupId)
  const isKnown = known !== undefined && known.roster.version >= version
  const group = isKnown ? known : await groups.reach(groupId, version)
  if (group === undefined) return undefined
  if (group.roster.version < version) {
    // The message was accepted for that version, so an honest server has it.
    if (isConcerned(group, by)) await groups.missing(groupId, version, by)
    return undefined
  }
  const then = await groups.rosterAt(groupId, version)
  if (then === undefined || equalBytes(then.state.hash, hash)) return then?.state
  if (memberOf(then.state, by) !== undefined) await groups.alarm(groupId, 'two-heads', by)
  return undefined
}

/** A stranger who knows the id of a group must not be able to raise an alarm in it. */
function isConcerned({ standing, roster }: GroupRecord, by: Username): boolean {
  return standing === 'member' && memberOf(roster, by) !== undefined
}

/** A server takes messages for the newest roster only, so the next one must be the younger. */
async function wasCurrent(
  { groups, clock }: Ports,
  { group, version }: RosterState,
  { acceptedAtMs }: Pick<MessageArrived, 'acceptedAtMs'>,
): Promise<boolean> {
  const next = await groups.rosterAt(group, version + 1)
  if (next === undefined) return true
  const isEarlier = acceptedAtMs <= next.createdAtMs + clockSlackMs
  return isEarlier && clock.nowMs() <= next.learntAtMs + lateMs
}

/** Signed under the very identity that was brought into the group. */
async function isKeyOf({ directory }: Ports, state: RosterState, user: Username): Promise<boolean> {
  const trust = await directory.get(user)
  const list = trust.kind === 'trusted' || trust.kind === 'key-changed' ? trust.list : undefined
  const member = memberOf(state, user)
  return (
    list !== undefined && member !== undefined && equalBytes(list.identityKey, member.identityKey)
  )
}
