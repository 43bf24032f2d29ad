import type { TerminalInput } from '../terminal.ts'
import type { Key } from './input/key.ts'
import { KeyReader } from './input/key-reader.ts'

/** Shorter than anybody presses Escape and another key, longer than a terminal takes between two bytes. */
const escapeMs = 30

/** Calls back for each key until it is stopped; `onEnd` if the terminal is gone. */
export function listenToKeys(
  input: TerminalInput,
  { onKey, onEnd }: { readonly onKey: (key: Key) => void; readonly onEnd: () => void },
): () => void {
  const reader = new KeyReader()
  let timer: ReturnType<typeof setTimeout> | undefined
  const tell = (keys: readonly Key[]) => {
    for (const key of keys) onKey(key)
  }
  const onData = (chunk: string) => {
    clearTimeout(timer)
    tell(reader.read(chunk))
    if (reader.isUndecided) timer = setTimeout(() => tell(reader.flush()), escapeMs)
  }
  input.setEncoding('utf8')
  input.on('data', onData)
  input.on('end', onEnd)
  input.resume()
  return () => {
    clearTimeout(timer)
    input.off('data', onData)
    input.off('end', onEnd)
    input.pause()
  }
}
