import { Writable } from 'node:stream'
import { render } from 'ink'
import type { ReactElement } from 'react'

export interface InkFrames {
  show(element: ReactElement): void
  close(): void
  /** Rejects with what a component threw: then there are no frames any more. */
  readonly failed: Promise<never>
}

/**
 * Lets Ink lay the window out and hands over each frame as rows. Ink would write them itself, but it
 * computes where a changed part begins from how wide it believes the text before to be, and with
 * pictures terminals do not agree on that.
 */
export function inkFrames(
  size: { readonly columns: number; readonly rows: number },
  onFrame: (rows: readonly string[]) => void,
): InkFrames {
  let isOpen = true
  let frame: string | undefined
  const sink = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      frame = chunk
      done()
    },
  })
  const stdout = Object.defineProperties(sink, {
    columns: { get: () => size.columns },
    rows: { get: () => size.rows },
  }) as NodeJS.WriteStream
  let instance: ReturnType<typeof render> | undefined
  const { promise: failed, reject } = Promise.withResolvers<never>()
  return {
    failed,
    show(element) {
      if (instance === undefined) {
        instance = render(element, {
          stdout,
          // Each frame whole, and not more often than it is asked for.
          debug: true,
          interactive: false,
          exitOnCtrlC: false,
          patchConsole: false,
          isScreenReaderEnabled: false,
        })
        instance.waitUntilExit().catch(reject)
      } else instance.rerender(element)
      // Not from within: what goes wrong with the terminal must not look like a fault of a component.
      if (isOpen && frame !== undefined) onFrame(frame.split('\n'))
    },
    close() {
      isOpen = false
      instance?.unmount()
    },
  }
}
