/**
 * Throws unless the first frame lies within the picture: a decoder makes room for the frame, and the
 * size that was checked is that of the picture.
 */
export function checkFirstFrame(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)]
  let at = 13 + colourTableBytes(view.getUint8(10))
  // GIF89a §12 to 26: extensions, each a row of sub-blocks, and then the image descriptor.
  while (view.getUint8(at) === 0x21) {
    at += 2
    for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += length + 1
    at += 1
  }
  if (view.getUint8(at) !== 0x2c) throw new Error('the picture has no frame')
  const right = view.getUint16(at + 1, true) + view.getUint16(at + 5, true)
  const bottom = view.getUint16(at + 3, true) + view.getUint16(at + 7, true)
  if (right > width || bottom > height) throw new Error('the frame is larger than the picture')
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1)
}
