/** An address under which the page shows bytes it has; taken back when nobody shows them. */
export class ObjectUrl {
  url = $state<string>()

  show(bytes: Uint8Array, type: string): void {
    this.release()
    this.url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }))
  }

  release(): void {
    if (this.url !== undefined) URL.revokeObjectURL(this.url)
    this.url = undefined
  }
}
