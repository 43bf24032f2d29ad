import type { FileMessage } from '../client.ts'
import type { FileDesk } from '../images/file-desk.ts'
import type { Screen } from '../screen/screen.ts'
import type { Voice } from './voice.ts'

/** Enough to know what it is, and little enough to keep the conversation in sight. */
const room = { columns: 60, rows: 16 }
const indent = 2

export interface PicturesOptions {
  readonly files: FileDesk
  readonly screen: Screen
  readonly voice: Voice
}

/** Files in line mode: says what became of them, and shows those that are pictures. */
export class Pictures {
  readonly #options: PicturesOptions

  constructor(options: PicturesOptions) {
    this.#options = options
  }

  changed(message: FileMessage): void {
    const { voice } = this.#options
    const { name, state } = message.file
    switch (state) {
      case 'waiting':
      case 'downloading':
        return
      case 'ready':
        void this.#arrived(message)
        return
      case 'expired':
        voice.notice(`${name} expired before it could be fetched. Ask for it again.`)
        return
      case 'damaged':
        voice.notice(`${name} is not what was sent, and was not kept. Ask for it again.`)
    }
  }

  /** As the person asked. */
  async show(message: FileMessage): Promise<void> {
    if (await this.#draw(message)) return
    const { name } = message.file
    this.#options.voice.answer([`${name} cannot be shown here. /save keeps it as a file.`])
  }

  async #arrived(message: FileMessage): Promise<void> {
    // Nobody asked: a picture that cannot be read is no news.
    if (this.#options.screen.canUpdate) await this.#draw(message).catch(() => undefined)
    this.#options.voice.notice(`${message.file.name} is here. /save keeps it as a file.`)
  }

  async #draw(message: FileMessage): Promise<boolean> {
    const { files, screen } = this.#options
    const columns = Math.min(room.columns, (screen.columns ?? room.columns) - indent - 1)
    const rows = await files.picture(message, { ...room, columns })
    if (rows.length === 0) return false
    screen.print({ lines: rows.map((row) => `${' '.repeat(indent)}${row}`) })
    return true
  }
}
