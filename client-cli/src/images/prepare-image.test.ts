import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { sniffImage } from '@fastchat/client-core'
import { Jimp } from 'jimp'
import { prepareFile } from './prepare-file.ts'
import { prepareImage } from './prepare-image.ts'
import {
  exif,
  jpegWithSecrets,
  painted,
  pngOf,
  pngWithSecrets,
  secretPlace,
} from './testing/pictures.ts'

async function folder() {
  const at = await mkdtemp(path.join(os.tmpdir(), 'fastchat-images-'))
  return {
    write: async (name: string, bytes: string | Uint8Array) => {
      const file = path.join(at, name)
      await writeFile(file, bytes)
      return file
    },
    [Symbol.asyncDispose]: () => rm(at, { recursive: true }),
  }
}

test('a PNG is sent with every pixel and without a word of where it was made', async () => {
  await using files = await folder()
  const before = await pngWithSecrets()
  assert.ok(before.includes(secretPlace))

  const { file, note } = await prepareImage(await files.write('map.png', before))

  assert.ok(!Buffer.from(file.data).includes('MARKER'))
  const [was, is] = [await Jimp.fromBuffer(before), await Jimp.fromBuffer(Buffer.from(file.data))]
  assert.deepEqual(is.bitmap.data, was.bitmap.data)
  const { data: _data, ...words } = file
  assert.deepEqual(words, { name: 'map.png', type: 'image/png', width: 64, height: 48 })
  assert.match(note, /location and other details removed/)
})

test('a JPEG loses its EXIF and its comment, and stands as it was held', async () => {
  await using files = await folder()
  const before = await jpegWithSecrets({ orientation: 6 })
  assert.ok(before.includes(secretPlace))

  const { file } = await prepareImage(await files.write('photo.JPG', before))

  assert.ok(!Buffer.from(file.data).includes('MARKER') && !Buffer.from(file.data).includes('Exif'))
  assert.deepEqual([file.width, file.height, file.type], [48, 64, 'image/jpeg'])
  assert.equal(file.name, 'photo.JPG')
  const { width, height } = sniffImage(file.data) ?? {}
  assert.deepEqual([width, height], [48, 64])
})

test('a GIF becomes a PNG of its first frame, a WebP stays one, both without details', async () => {
  await using files = await folder()
  const gif = await painted(20, 10).getBuffer('image/gif')
  const { file: still, note } = await prepareImage(await files.write('dance.gif', gif))
  assert.deepEqual([still.name, still.type], ['dance.png', 'image/png'])
  assert.match(note, /first frame only/)

  const lossless = 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=='
  const webp = withExif(Buffer.from(lossless, 'base64'))
  assert.ok(webp.includes('MARKER'))
  const { file: same } = await prepareImage(await files.write('dot.webp', webp))
  assert.deepEqual([same.name, same.type, same.width], ['dot.webp', 'image/webp', 1])
  assert.ok(!Buffer.from(same.data).includes('MARKER'))
})

test('a large picture is scaled to 2048, a small one keeps its size', async () => {
  await using files = await folder()
  const large = await painted(2500, 100).getBuffer('image/png')

  const { file, note } = await prepareImage(await files.write('wide.png', large))

  assert.deepEqual([file.width, file.height], [2048, 82])
  assert.match(note, /scaled to 2048 × 82/)
})

test('the same picture is encoded to the same bytes each time', async () => {
  await using files = await folder()
  const picture = await files.write('map.png', await pngWithSecrets())

  const [one, other] = [await prepareImage(picture), await prepareImage(picture)]

  assert.deepEqual(one.file.data, other.file.data)
})

const refusals: readonly {
  readonly what: string
  readonly name: string
  readonly bytes: () => string | Uint8Array | Promise<Uint8Array>
  readonly says: RegExp
}[] = [
  {
    what: 'an SVG',
    name: 'drawing.png',
    bytes: () => '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    says: /not a picture that can be sent \(PNG, JPEG, GIF, WebP\)/,
  },
  {
    what: 'a page that calls itself a picture',
    name: 'page.jpg',
    bytes: () => '<!doctype html><script>alert(1)</script>',
    says: /not a picture/,
  },
  { what: 'a PDF', name: 'a.png', bytes: () => '%PDF-1.7\n', says: /not a picture/ },
  { what: 'an empty file', name: 'a.png', bytes: () => '', says: /is empty/ },
  {
    what: 'more than 10 MiB',
    name: 'huge.png',
    bytes: () => new Uint8Array(10_485_761),
    says: /too large: 10\.5 MB\. Choose a file up to 10 MiB/,
  },
  {
    what: '30,000 by 30,000 pixels in a small file',
    name: 'bomb.png',
    bytes: () => pngOf({ width: 30_000, height: 30_000 }, new Uint8Array(100)),
    says: /30000 × 30000 pixels.*at most 50 million/,
  },
  {
    what: 'an interlaced picture that unpacks to far more than it says',
    name: 'bomb.png',
    bytes: () => pngOf({ width: 4, height: 4, isInterlaced: true }, new Uint8Array(50_000_000)),
    says: /cannot be read/,
  },
  {
    what: 'a GIF whose frame is larger than the picture',
    name: 'bomb.gif',
    bytes: () => {
      const gif = Buffer.from('474946383961010001000000002c00000000ffffffff00020144003b', 'hex')
      return new Uint8Array(gif)
    },
    says: /cannot be read/,
  },
  {
    what: 'a picture that breaks off',
    name: 'half.jpg',
    bytes: async () => (await jpegWithSecrets({ width: 400, height: 400 })).subarray(0, 900),
    says: /cannot be read/,
  },
  {
    what: 'a polyglot that is a picture only by its first bytes',
    name: 'both.gif',
    bytes: () => 'GIF89a\u0010\0\u0010\0\0\0\0<script>alert(1)</script>',
    says: /cannot be read/,
  },
]

for (const { what, name, bytes, says } of refusals) {
  test(`${what} is refused with the reason`, async () => {
    await using files = await folder()
    const file = await files.write(name, await bytes())

    await assert.rejects(prepareImage(file), { message: says })
  })
}

test('what is not there, a folder and a device are refused', async () => {
  await assert.rejects(prepareImage('/nowhere/map.png'), { message: /There is no file/ })
  await assert.rejects(prepareImage(os.tmpdir()), { message: /is not a file/ })
  await assert.rejects(prepareImage('/dev/zero'), { message: /is not a file/ })
})

test('what hides behind a picture does not travel with it', async () => {
  await using files = await folder()
  const both = Buffer.concat([await pngWithSecrets(), Buffer.from('<script>alert(1)</script>')])

  const { file } = await prepareImage(await files.write('both.png', both))

  assert.ok(!Buffer.from(file.data).includes('script'))
})

test('another file is sent byte for byte, and the person is told so', async () => {
  await using files = await folder()
  const photo = await jpegWithSecrets()

  const text = await prepareFile(await files.write('notes.txt', 'hello'))
  const same = await prepareFile(await files.write('photo.jpg', photo))

  assert.deepEqual([text.file.name, text.file.type], ['notes.txt', 'text/plain'])
  assert.deepEqual(Buffer.from(text.file.data).toString(), 'hello')
  assert.deepEqual(Buffer.from(same.file.data), photo)
  assert.match(same.note, /as it is, with where it was taken/)
  await assert.rejects(prepareFile(await files.write('huge', new Uint8Array(10_485_761))), {
    message: /up to 10 MiB/,
  })
})

/** RFC 9649 §2.7: the simple file becomes an extended one with a part for EXIF. */
function withExif(simple: Buffer): Buffer {
  const part = (kind: string, content: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(kind, 'latin1')
    head.writeUInt32LE(content.length, 4)
    const padding = Buffer.alloc(content.length % 2)
    return Buffer.concat([head, content, padding])
  }
  const extended = Buffer.from([0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    part('VP8X', extended),
    simple.subarray(12),
    part('EXIF', exif()),
  ])
  return part('RIFF', body)
}
