/** Hands bytes to the browser's downloads, under a name that runs nowhere. */
export function saveFile(bytes: Uint8Array, name: string): void {
  const blob = new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' })
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Only when the browser has surely begun to read.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
