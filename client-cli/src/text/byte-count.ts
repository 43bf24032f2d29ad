/** `912 B`, `42 KB`, `1.2 MB`: in powers of ten, as a person reads them beside a file. */
export function byteCount(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
