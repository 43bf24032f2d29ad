import type { Locator } from 'playwright-core'

interface PastedFile {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

/** What the browser tells a page when a file is pasted into it. */
export async function pasteFile(place: Locator, file: PastedFile): Promise<void> {
  const { name, type } = file
  const base64 = file.bytes.toString('base64')
  await place.evaluate(
    (element, given) => {
      const bytes = Uint8Array.from(atob(given.base64), (letter) => letter.charCodeAt(0))
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([bytes], given.name, { type: given.type }))
      const paste = { clipboardData, bubbles: true, cancelable: true }
      element.dispatchEvent(new ClipboardEvent('paste', paste))
    },
    { name, type, base64 },
  )
}

interface Dragged {
  drop(): Promise<void>
}

/** Holds files of the disk over a place, as a file manager does. */
export async function dragOver(place: Locator, files: readonly string[]): Promise<Dragged> {
  const page = place.page()
  const box = await place.boundingBox()
  if (box === null) throw new Error(`${place} is not to be seen.`)
  const session = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  const tell = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, ...at, data })
  await tell('dragEnter')
  await tell('dragOver')
  return {
    async drop() {
      await tell('drop')
      await session.detach()
    },
  }
}

export async function dropFiles(place: Locator, files: readonly string[]): Promise<void> {
  const dragged = await dragOver(place, files)
  await dragged.drop()
}
