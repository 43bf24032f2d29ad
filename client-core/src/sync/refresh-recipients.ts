import { groupOf } from '../crypto/conversation.ts'
import { type ChatError, hasCode } from '../errors.ts'
import type { OutboxRecord } from './records.ts'
import type { SealPorts } from './send-step.ts'

/** After a server has refused what was sealed: asks anew for what the refusal says is old. */
export async function refreshRecipients(
  { directory, groups, me }: Pick<SealPorts, 'directory' | 'groups' | 'me'>,
  { peer, conversation }: OutboxRecord,
  error: ChatError,
): Promise<void> {
  const { username } = error.details
  const groupId = groupOf(conversation)
  if (groupId !== undefined) {
    const group = await groups.refresh(groupId)
    if (hasCode(error, 'STALE_ROSTER')) return
    const members = group?.roster.members.map(({ user }) => user) ?? []
    const isAbout = members.filter((user) => username === undefined || user === username)
    await directory.refreshAll(isAbout)
    return
  }
  if (peer === undefined) return
  if (username === peer || username === undefined) await directory.refresh(peer)
  if (username !== peer) await directory.refresh(me.user)
}
