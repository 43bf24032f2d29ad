import { playgroundLink } from '@fastchat/client-core'
import type { Session } from './session.svelte.ts'

/** With a message for somebody to try: who is on the screen, else who was written to last. */
export async function linkToPlayground({ open, chats, shared, me }: Session): Promise<string> {
  const candidates = open === undefined ? chats.list : [open, ...chats.list]
  const to = candidates.find((chat) => !chat.isGroup && !chat.isLocal)?.address
  const sample = to === undefined ? undefined : { to, text: 'Hello from the playground.' }
  return playgroundLink(await shared.calls.apiAccess(sample), to ?? me)
}
