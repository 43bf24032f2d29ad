import type { FileMessage } from '@fastchat/client-core'
import { Failure } from '../../failure.ts'
import type { CommandContext } from '../command.ts'
import { findPlace, type Place } from '../find-place.ts'
import { groupTitle } from '../groups/group-parameter.ts'

const lookedThrough = 200

/**
 * The file that `[name] [number]` means: of the open conversation unless it names one, or the last
 * one if none is open; and the newest unless it counts back from there.
 */
export async function findFile(
  { client, open }: Pick<CommandContext, 'client' | 'open'>,
  [first, second]: readonly (string | undefined)[],
): Promise<FileMessage> {
  // `/save 2` means the open conversation: no username is two digits.
  const isNumber = first !== undefined && /^\d{1,2}$/.test(first) && second === undefined
  const name = isNumber ? undefined : first
  const number = Number((isNumber ? first : second) ?? 1)
  if (!Number.isInteger(number) || number < 1) {
    throw new Failure('usage', 'Which one? 1 is the newest, 2 the one before.')
  }
  const place =
    name === undefined ? (open ?? (await latestPlace(client))) : await findPlace(client, name)
  if (place === undefined) throw new Failure('usage', 'Nothing was said yet. There is no file.')
  const messages = await client.history(place.to, { limit: lookedThrough })
  const files = messages.filter((message) => message.kind === 'file')
  const found = files.at(-number)
  if (found !== undefined) return found
  const count = files.length === 0 ? 'no file' : `only ${files.length} of them`
  throw new Failure('failed', `There is ${count} among the last messages with ${place.title}.`)
}

async function latestPlace(client: CommandContext['client']): Promise<Place | undefined> {
  const latest = (await client.conversations()).find(({ peer, group }) => peer ?? group)
  if (latest?.group !== undefined) return { to: latest.id, title: groupTitle(latest.group) }
  return latest?.peer === undefined ? undefined : { to: latest.peer, title: latest.peer }
}
