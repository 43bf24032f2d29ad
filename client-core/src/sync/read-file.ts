import type { Bytes } from '../brands.ts'
import { ChatError } from '../errors.ts'
import { decodeFile } from './file-content.ts'
import { type FileOf, findOrigin } from './file-origins.ts'
import { storedFile } from './file-store.ts'
import type { FileState } from './file-view.ts'
import type { RecordStore } from './record-store.ts'
import type { Timeline } from './timeline.ts'

export interface ReadFilePorts {
  readonly store: RecordStore
  readonly timeline: Timeline
}

/** The whole file, checked once more, from what lies on this device. */
export async function readFile({ store, timeline }: ReadFilePorts, which: FileOf): Promise<Bytes> {
  const origin = await findOrigin(store, which)
  const message = origin && (await timeline.find(origin))
  const file = message && decodeFile(message.content)
  if (!origin || !message || !file) throw notThere('ready')
  const content = message.file === 'ready' && (await storedFile(store, origin, file.secret))
  if (content) return content
  throw notThere(message.file ?? 'expired')
}

function notThere(state: FileState): ChatError {
  return new ChatError('NOT_FOUND', reasons[state])
}

const reasons: { readonly [State in FileState]: string } = {
  waiting: 'The file is not here yet. It comes when a server is connected.',
  downloading: 'The file is not here yet. Wait until it is.',
  ready: 'There is no file with this message.',
  expired: 'The file expired before it could be fetched. Ask for it again.',
  damaged: 'What came was not what was sent, and was not kept. Ask for it again.',
}
