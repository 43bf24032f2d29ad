import type { TerminalInput } from '../terminal.ts'

/** The first line of what is piped in, or `undefined` if there is nothing. The rest stays to be read. */
export function readFirstLine(
  input: TerminalInput,
  mostBytes: number,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let text = ''
    const give = (line: string | undefined) => {
      input.off('data', onData)
      input.off('end', onEnd)
      input.off('error', reject)
      input.pause()
      resolve(line)
    }
    const onData = (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end === -1 && text.length < mostBytes) return
      const rest = end === -1 ? '' : text.slice(end + 1)
      // Given first, because a stream that flows would hand the rest straight back to us.
      give(text.slice(0, end === -1 ? undefined : end).replace(/\r$/, ''))
      if (rest !== '') input.unshift(rest)
    }
    const onEnd = () => give(text === '' ? undefined : text)
    input.setEncoding('utf8')
    input.on('data', onData)
    input.on('end', onEnd)
    input.on('error', reject)
    input.resume()
  })
}
