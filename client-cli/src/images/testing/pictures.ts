import { deflateSync } from 'node:zlib'
import { Jimp } from 'jimp'

export const secretPlace = 'GPS 48.137154 11.576124 MARKER'

/** A picture with edges and gradients, so that a wrong byte or a wrong side shows. */
export function painted(width: number, height: number) {
  const image = new Jimp({ width, height, color: 0x336699ff })
  image.scan((x, y, at) => {
    image.bitmap.data[at] = (x * 255) / width
    image.bitmap.data[at + 1] = (y * 255) / height
    image.bitmap.data[at + 2] = x < width / 2 ? 0 : 255
  })
  return image
}

export async function pngWithSecrets(width = 64, height = 48): Promise<Buffer> {
  const png = await painted(width, height).getBuffer('image/png')
  const head = png.subarray(0, 33)
  const texts = [chunk('tEXt', `Location\0${secretPlace}`), chunk('eXIf', exif())]
  return Buffer.concat([head, ...texts, png.subarray(33)])
}

/** As a telephone writes it: where it was taken, a comment, and how it was held. */
export async function jpegWithSecrets({ orientation = 1, width = 64, height = 48 } = {}) {
  const jpeg = await painted(width, height).getBuffer('image/jpeg')
  const segment = (marker: number, content: Buffer) => {
    const head = Buffer.from([0xff, marker, 0, 0])
    head.writeUInt16BE(content.length + 2, 2)
    return Buffer.concat([head, content])
  }
  return Buffer.concat([
    jpeg.subarray(0, 2),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(orientation)])),
    segment(0xfe, Buffer.from(secretPlace)),
    jpeg.subarray(2),
  ])
}

/** TIFF with the orientation and a description. */
export function exif(orientation = 1): Buffer {
  const text = Buffer.from(`${secretPlace}\0`)
  const head = Buffer.alloc(8 + 2 + 2 * 12 + 4)
  head.write('II*\0', 0, 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(2, 8)
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    head.writeUInt16LE(tag, at)
    head.writeUInt16LE(type, at + 2)
    head.writeUInt32LE(count, at + 4)
    head.writeUInt32LE(value, at + 8)
  }
  entry(10, 0x010e, 2, text.length, head.length)
  entry(22, 0x0112, 3, 1, orientation)
  return Buffer.concat([head, text])
}

/** A PNG whose parts are the caller's: for pictures that lie about themselves. */
export function pngOf(
  { width, height, isInterlaced = false }: PngHeader,
  pixels: Uint8Array,
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, isInterlaced ? 1 : 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

interface PngHeader {
  readonly width: number
  readonly height: number
  readonly isInterlaced?: boolean
}

function chunk(kind: string, content: string | Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), Buffer.from(content)])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length - 4)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
