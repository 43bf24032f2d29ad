export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'

export interface SniffedImage {
  readonly type: ImageType
  readonly width: number
  readonly height: number
}

/**
 * What a picture is, by its own first bytes and never by what somebody says of it. Look at the
 * number of pixels before you decode it: see `maxImagePixels`.
 *
 * @returns `undefined`, does not throw, for everything that is not a PNG, JPEG, GIF or WebP with a
 * readable header: also for SVG, which is a program.
 */
export function sniffImage(bytes: Uint8Array): SniffedImage | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const sniff of [png, jpeg, gif, webp]) {
    try {
      const found = sniff(view)
      if (found !== undefined && found.width > 0 && found.height > 0) return found
    } catch (error) {
      // Cut off within its header.
      if (!(error instanceof RangeError)) throw error
    }
  }
  return undefined
}

function png(view: DataView): SniffedImage | undefined {
  const isPng = view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a
  if (!isPng || view.getUint32(8) !== 13 || !spells(view, 12, 'IHDR')) return undefined
  return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
}

function gif(view: DataView): SniffedImage | undefined {
  if (!spells(view, 0, 'GIF87a') && !spells(view, 0, 'GIF89a')) return undefined
  return { type: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) }
}

/** Segment by segment to the first frame header: what stands before it may hold anything. */
function jpeg(view: DataView): SniffedImage | undefined {
  if (view.getUint16(0) !== 0xffd8) return undefined
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) at += 1
    else if (isFrameHeader(marker)) {
      return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    } else if (marker < 0xc0 || marker === 0xda || marker === 0xd9) return undefined
    else at += 2 + view.getUint16(at + 2)
  }
}

/** ITU T.81 table B.1: SOF0 to SOF15, among which DHT, JPG and DAC have their places. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

/** RFC 9649: the first chunk tells which of three kinds it is. */
function webp(view: DataView): SniffedImage | undefined {
  if (!spells(view, 0, 'RIFF') || !spells(view, 8, 'WEBP')) return undefined
  const type = 'image/webp'
  if (spells(view, 12, 'VP8X')) {
    return { type, width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) }
  }
  if (spells(view, 12, 'VP8L') && view.getUint8(20) === 0x2f) {
    const bits = view.getUint32(21, true)
    return { type, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
  }
  if (spells(view, 12, 'VP8 ') && view.getUint8(23) === 0x9d && view.getUint16(24) === 0x012a) {
    const [width, height] = [view.getUint16(26, true), view.getUint16(28, true)]
    return { type, width: width & 0x3fff, height: height & 0x3fff }
  }
  return undefined
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000
}

function spells(view: DataView, at: number, letters: string): boolean {
  return [...letters].every((letter, index) => view.getUint8(at + index) === letter.charCodeAt(0))
}
