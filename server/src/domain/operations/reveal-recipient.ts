import type { Deps } from '../deps.ts'
import { NotFoundError } from '../errors.ts'
import type { Operator } from './operator.ts'

/** The name behind a pseudonym, for as long as something waits for that person. Noted before it is told. */
export async function revealRecipient(
  { store, pseudonyms }: Pick<Deps, 'store' | 'pseudonyms'>,
  operator: Operator,
  input: { readonly recipient: string },
): Promise<{ readonly recipient: string; readonly username: string }> {
  const { recipient } = input
  const waiting = await store.waiting.listRecipients()
  const now = store.clock.now()
  const found = waiting.find(({ clientId }) => pseudonyms.isOf(recipient, clientId, now))
  if (found === undefined)
    throw new NotFoundError(
      'Nothing waits for this recipient any more, so there is no name to reveal.',
    )
  await store.audit.insertEntry({ operator: operator.name, action: 'REVEALED', recipient })
  return { recipient, username: found.username }
}
