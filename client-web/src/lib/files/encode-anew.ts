import type { SniffedImage } from '@fastchat/client-core'

const longestEdge = 2048
const quality = 0.86

export interface Encoded {
  readonly data: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly width: number
  readonly height: number
}

/**
 * Draws the picture and encodes what was drawn: the pixels go, upright and at most 2048 wide or
 * high, and nothing that was written beside them. Rejects if it cannot be decoded.
 */
export async function encodeAnew(
  bytes: Uint8Array<ArrayBuffer>,
  { type }: SniffedImage,
): Promise<Encoded> {
  const bitmap = await createImageBitmap(new Blob([bytes], { type }), {
    imageOrientation: 'from-image',
  })
  try {
    const scale = Math.min(1, longestEdge / Math.max(bitmap.width, bitmap.height))
    const width = Math.max(1, Math.round(bitmap.width * scale))
    const height = Math.max(1, Math.round(bitmap.height * scale))
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('unreachable: a new canvas has no context yet')
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, 0, 0, width, height)
    const blob = await canvas.convertToBlob({ type, quality })
    // A browser that cannot write the type asked for writes PNG without a word.
    const data = new Uint8Array(await blob.arrayBuffer())
    return { data, type: blob.type, width, height }
  } finally {
    bitmap.close()
  }
}
