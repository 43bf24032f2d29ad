import type { FileMessage } from '@fastchat/client-core'
import type { ChatClient, Message } from '../client.ts'
import type { Terminal } from '../terminal.ts'
import type { ImageProtocol } from './image-protocol.ts'
import type { PictureRoom } from './picture-lines.ts'
import { whenHere } from './when-here.ts'

export interface FileRequest {
  readonly to: string
  /** As it was typed. */
  readonly path: string
  readonly caption?: string
  /** A picture is encoded anew, anything else is sent as it is. */
  readonly as: 'image' | 'file'
}

export interface SentFile {
  readonly message: Message
  /** What was done to it, for the person who sent it. */
  readonly note: string
}

/** What commands do with files. What it needs is loaded when it is needed, and not before. */
export interface FileDesk {
  /** Throws a `Failure` that says why it cannot be sent. */
  send(request: FileRequest): Promise<SentFile>
  /** Returns the path of the new file. */
  save(message: FileMessage): Promise<string>
  /** Rows to print as they are; none where no pictures are shown, or if it is no picture. */
  picture(message: FileMessage, room: PictureRoom): Promise<readonly string[]>
}

export interface FileDeskOptions {
  readonly client: Pick<ChatClient, 'on' | 'sendFile' | 'readFile'>
  readonly env: Terminal['env']
  readonly protocol: ImageProtocol
}

export function fileDesk({ client, env, protocol }: FileDeskOptions): FileDesk {
  return {
    async send({ to, path, caption, as }) {
      const { file, note } = await prepared(path, as)
      const captioned = caption === undefined ? file : { ...file, caption }
      return { message: await client.sendFile(to, captioned), note }
    },
    async save(message) {
      const bytes = await whenHere(client, message)
      const [{ saveFile }, { downloadFolder }] = await Promise.all([
        import('./save-file.ts'),
        import('./download-folder.ts'),
      ])
      return saveFile(await downloadFolder(env), { bytes, name: message.file.name })
    },
    async picture(message, room) {
      if (protocol === 'none') return []
      const bytes = await whenHere(client, message)
      const { showPicture } = await import('./show-picture.ts')
      return showPicture(bytes, { env, protocol, room })
    },
  }
}

async function prepared(path: string, as: FileRequest['as']) {
  if (as === 'image') return (await import('./prepare-image.ts')).prepareImage(path)
  return (await import('./prepare-file.ts')).prepareFile(path)
}
