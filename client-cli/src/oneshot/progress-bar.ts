import type { ChatClient } from '../client.ts'
import type { Settings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { byteCount } from '../text/byte-count.ts'

const width = 24

/** How much of a file is there, on one line that takes itself away. Nothing where nobody looks. */
export function showProgress(
  client: Pick<ChatClient, 'on'>,
  { talk }: Terminal,
  { isJson, isPlain, marks }: Settings,
): () => void {
  if (talk.isTTY !== true || isJson || isPlain) return () => undefined
  const [full, empty] = marks.isAscii ? ['#', '.'] : ['█', '░']
  let isShown = false
  const stop = client.on('transfer', ({ done, of }) => {
    const filled = Math.round((width * done) / of)
    const bar = full.repeat(filled) + empty.repeat(width - filled)
    const percent = Math.floor((100 * done) / of)
    talk.write(`\r${bar} ${percent} %  ${byteCount(done)} of ${byteCount(of)}\u001b[K`)
    isShown = true
  })
  return () => {
    stop()
    if (isShown) talk.write('\r\u001b[K')
  }
}
