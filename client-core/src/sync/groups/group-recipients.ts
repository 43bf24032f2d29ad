import type { Username } from '../../brands.ts'
import { equalBytes } from '../../crypto/bytes.ts'
import { groupOf } from '../../crypto/conversation.ts'
import type { DeviceList } from '../../crypto/device-list.ts'
import type { RosterPoint } from '../../crypto/message-protocol.ts'
import { maxRecipientDevices } from '../../crypto/rsa-v1/header.ts'
import { ChatError } from '../../errors.ts'
import type { Directory } from '../directory.ts'
import type { GroupRecord } from '../records.ts'
import { trustedList } from '../trusted-list.ts'
import type { GroupBook } from './group-book.ts'

interface Ports {
  readonly groups: GroupBook
  readonly directory: Directory
  readonly me: { readonly user: Username; readonly deviceId: string }
}

/** Throws unless this account is in the group and nothing is wrong with it. */
export function mustBeUsable(group: GroupRecord | undefined): GroupRecord {
  if (group === undefined) {
    throw new ChatError('NOT_FOUND', 'There is no such group, or you have never been in it.')
  }
  if (group.standing === 'deleted') {
    throw new ChatError('FORBIDDEN', 'This group has been deleted. Make a new one.')
  }
  if (group.standing !== 'member') {
    throw new ChatError('FORBIDDEN', 'You are no longer in this group. Ask an admin to add you.')
  }
  if (group.alarm !== undefined) {
    throw new ChatError(
      'UNTRUSTED_ANSWER',
      'What the servers say of this group does not hold. Ask its members, or make a new group.',
    )
  }
  return group
}

/** The devices of all members in the newest roster that was verified, and of nobody else. */
export async function groupRecipients(
  { groups, directory, me }: Ports,
  conversation: string,
): Promise<{ readonly lists: readonly DeviceList[]; readonly roster: RosterPoint }> {
  const groupId = groupOf(conversation) ?? ''
  const { roster } = mustBeUsable(await groups.get(groupId))
  const { version, hash, members } = roster
  const trusts = await directory.getAll(members.map(({ user }) => user))
  const lists: DeviceList[] = []
  for (const { user, identityKey } of members) {
    const list = trustedList(user, trusts.get(user))
    if (!equalBytes(list.identityKey, identityKey)) {
      mustBeUsable(await groups.alarm(groupId, 'key-changed'))
    }
    if (list.devices.some(({ id }) => id !== me.deviceId)) lists.push(list)
  }
  const count = lists.reduce((sum, { devices }) => sum + devices.length, 0)
  if (count === 0) {
    throw new ChatError('NO_DEVICES', 'Nobody else in this group has a device. Add somebody.')
  }
  if (count > maxRecipientDevices + 1) throw tooManyDevices()
  return { lists, roster: { version, hash } }
}

function tooManyDevices(): ChatError {
  return new ChatError(
    'PAYLOAD_TOO_LARGE',
    `The members have more than ${maxRecipientDevices} devices together. Make smaller groups.`,
    { limit: maxRecipientDevices },
  )
}
