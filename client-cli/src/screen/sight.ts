import type { Block } from './screen.ts'

/**
 * Remembers what was printed last, to know how far above the input line a block stands. Native
 * scrollback cannot be rewritten, so whatever may have left the window is forgotten.
 */
export class Sight {
  #blocks: { readonly id: string | undefined; readonly rows: number }[] = []

  add(block: Block): void {
    this.#blocks.push({ id: block.id, rows: block.lines.length })
    if (this.#blocks.length > 200) this.#blocks.shift()
  }

  /** Rows from the top of the block to the input line, if all of it is surely in the window. */
  find(block: Required<Block>, rowsInSight: number): number | undefined {
    let above = 0
    for (const { id, rows } of this.#blocks.toReversed()) {
      above += rows
      if (above > rowsInSight) return undefined
      if (id === block.id) return rows === block.lines.length ? above : undefined
    }
    return undefined
  }

  forget(): void {
    this.#blocks = []
  }
}
