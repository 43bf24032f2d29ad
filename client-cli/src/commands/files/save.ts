import type { Command } from '../command.ts'
import { asWord } from '../parse-line.ts'
import { findFile } from './find-file.ts'

export const save: Command = {
  name: 'save',
  aliases: ['download'],
  summary: 'Save a file that came, in your download folder.',
  details:
    'The newest file, or the one that many back. It gets a safe name and replaces nothing; nothing is opened.',
  parameters: [{ name: 'name', completes: 'place' }, { name: 'number' }],
  async run(context, values) {
    const message = await findFile(context, values)
    return { kind: 'print', lines: [`Saved as ${asWord(await context.files.save(message))}`] }
  },
}
