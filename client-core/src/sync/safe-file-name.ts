/** Room for ` (99)` and the like within the 255 bytes that file systems allow. */
const maxBytes = 200
const maxExtensionLength = 10

/** The one extension of what is known by its bytes, whatever the sender called it. */
const extensions: { readonly [Type in string]?: string } = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
}

/**
 * Extensions that open in something that shows or plays, and never in something that runs. Nobody
 * can list what runs on every system, so this lists the others.
 */
const harmless = new Set(
  (
    'pdf txt md csv tsv json yaml yml xml log rtf tex odt ods odp docx xlsx pptx epub ' +
    'png jpg jpeg gif webp avif heic bmp tif tiff mp3 m4a ogg oga opus flac wav mp4 m4v mov webm mkv ' +
    'zip gz bz2 xz zst 7z tar ics vcf bin'
  ).split(' '),
)

/** Windows gives these to devices, with any extension. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)$/i

/**
 * A name under which a file of somebody else can lie in a folder: no folder of its own, nothing that
 * a screen or a shell takes for something else, and no extension that runs.
 *
 * @remarks Whoever writes still opens with "must not exist" and "follow no link".
 * @param type What the file is by `sniffImage`, or what its sender calls it: only four kinds of
 * pictures change the extension.
 */
export function safeFileName(name: string, type: string): string {
  const { base, extension } = parts(plain(name))
  const own = extensions[type] ?? (harmless.has(extension.toLowerCase()) ? extension : undefined)
  const known = own ?? 'bin'
  // What lost its extension keeps it in sight: `run.sh` is `run_sh.bin`.
  const stem = own === undefined && extension !== '' ? `${base}_${extension}` : base
  return `${shortened(harmlessStem(stem), maxBytes - known.length - 1)}.${known}`
}

/** The last part of a path, without what cannot be seen or means something in a name. */
function plain(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  return (
    last
      // Control signs, directions of writing, what is invisible, not assigned or half a sign.
      .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
      .replace(/\p{Zs}+/gu, ' ')
      .replace(/[<>:"|?*$`;&%!'~^{}[\]]/g, '_')
  )
}

function parts(name: string): { readonly base: string; readonly extension: string } {
  const trimmed = name.replace(/^[\s.-]+/, '').replace(/[\s.]+$/, '')
  const [, base, extension] = /^(.+)\.([a-z0-9]+)$/i.exec(trimmed) ?? []
  if (base === undefined || extension === undefined || extension.length > maxExtensionLength) {
    return { base: trimmed, extension: '' }
  }
  return { base, extension }
}

function harmlessStem(stem: string): string {
  // No second extension: Windows hides the last one, and some programs look at the one before it.
  const single = stem.replace(/\.+/g, '_').replace(/^[\s_-]+|\s+$/g, '')
  if (single === '') return 'file'
  return reserved.test(single) ? `${single}_` : single
}

/** Cut between characters, so that what is left is still text. */
function shortened(text: string, bytes: number): string {
  const encoder = new TextEncoder()
  let used = 0
  let kept = ''
  for (const character of text) {
    used += encoder.encode(character).length
    if (used > bytes) break
    kept += character
  }
  return kept.trimEnd()
}
