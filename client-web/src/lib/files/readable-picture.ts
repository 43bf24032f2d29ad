import { maxImagePixels, type SniffedImage, sniffImage } from '@fastchat/client-core'

/** What may be drawn: known by its own bytes, and not so large that drawing it takes the memory. */
export function readablePicture(bytes: Uint8Array): SniffedImage | undefined {
  const picture = sniffImage(bytes)
  const isSmall = picture !== undefined && picture.width * picture.height <= maxImagePixels
  return isSmall ? picture : undefined
}
