import type { Command } from '../command.ts'
import { findFile } from './find-file.ts'

export const view: Command = {
  name: 'view',
  aliases: ['show'],
  summary: 'Show an image that came, as well as this terminal can.',
  details:
    'Real pixels in kitty, Ghostty, WezTerm and iTerm2, blocks elsewhere. FASTCHAT_IMAGES=kitty|iterm|blocks|none decides otherwise.',
  parameters: [{ name: 'name', completes: 'place' }, { name: 'number' }],
  async run(context, values) {
    return { kind: 'picture', message: await findFile(context, values) }
  },
}
