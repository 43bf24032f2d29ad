import { Failure } from '../../failure.ts'
import type { FileRequest } from '../../images/file-desk.ts'
import { type Command, type CommandContext, given, type Outcome } from '../command.ts'
import { findPlace } from '../find-place.ts'

const details =
  'PNG, JPEG, GIF or WebP, up to 10 MiB. It is encoded anew, at most 2048 pixels wide and high: where and with what it was taken stays here.'

/** The command of old: to whom, and which. */
export const sendImage: Command = {
  name: 'Sendimg',
  aliases: ['sendimage'],
  summary: 'Send an image to somebody.',
  details: `${details} A path with spaces stands in double quotes.`,
  parameters: [
    { name: 'name', question: 'To whom? ', completes: 'place' },
    { name: 'path', question: 'Which image? ', completes: 'path' },
    { name: 'caption', takesRest: true },
  ],
  async run(context, values) {
    const place = await findPlace(context.client, given(values, 0))
    return sent(context, {
      to: place.to,
      path: given(values, 1),
      as: 'image',
      ...captioned(values[2]),
    })
  },
}

export const image: Command = {
  name: 'image',
  aliases: ['img', 'i'],
  summary: 'Send an image to the open conversation.',
  details,
  parameters: [
    { name: 'path', question: 'Which image? ', completes: 'path' },
    { name: 'caption', takesRest: true },
  ],
  run: (context, values) => sendHere(context, values, 'image'),
}

export const file: Command = {
  name: 'file',
  aliases: ['f'],
  summary: 'Send a file to the open conversation, byte for byte.',
  details: 'Up to 10 MiB. What the file itself says of you stays in it; /image takes it out.',
  parameters: [
    { name: 'path', question: 'Which file? ', completes: 'path' },
    { name: 'caption', takesRest: true },
  ],
  run: (context, values) => sendHere(context, values, 'file'),
}

async function sendHere(
  context: CommandContext,
  values: readonly (string | undefined)[],
  as: FileRequest['as'],
): Promise<Outcome> {
  if (context.open === undefined) {
    throw new Failure('usage', 'No conversation is open. /open <name> opens one.')
  }
  const to = context.open.to
  return sent(context, { to, path: given(values, 0), as, ...captioned(values[1]) })
}

function captioned(caption: string | undefined) {
  return caption === undefined ? {} : { caption }
}

async function sent({ files }: CommandContext, request: FileRequest): Promise<Outcome> {
  return { kind: 'sent', to: request.to, ...(await files.send(request)) }
}
