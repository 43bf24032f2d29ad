// Loaded in the worker and nowhere else: it takes half a second, and changes what is global.
import { readFile } from 'node:fs/promises'
import type { ImageType } from '@fastchat/client-core'
import webp from '@jimp/wasm-webp'
import { Jimp } from 'jimp'
import { checkFirstFrame } from './gif-frame.ts'
import { plainPng } from './plain-png.ts'

const jpegQuality = 85
const webpQuality = 85

// The WebP decoder is a program that it fetches, and Node fetches no files. Nothing else is fetched here.
globalThis.fetch = async (input) => {
  const bytes = await readFile(new URL(String(input)))
  return new Response(bytes, { headers: { 'content-type': 'application/wasm' } })
}
// And it hands its pixels over in what only browsers have.
Object.assign(globalThis, {
  ImageData: class {
    readonly data: Uint8ClampedArray
    readonly width: number
    readonly height: number
    constructor(data: Uint8ClampedArray, width: number, height: number) {
      this.data = data
      this.width = width
      this.height = height
    }
  },
})

const webpFormat = webp()

export type Pixels = Awaited<ReturnType<typeof decode>>

/** The pixels, upright: what JPEG calls the orientation has been applied. */
export async function decode(type: ImageType, bytes: Uint8Array) {
  switch (type) {
    case 'image/png':
      return Jimp.fromBuffer(Buffer.from(plainPng(bytes)))
    case 'image/jpeg':
      return Jimp.fromBuffer(Buffer.from(bytes), {
        'image/jpeg': { maxResolutionInMP: 50, maxMemoryUsageInMB: 1024 },
      })
    case 'image/gif':
      checkFirstFrame(bytes)
      return Jimp.fromBuffer(Buffer.from(bytes))
    case 'image/webp':
      return Jimp.fromBitmap(await webpFormat.decode(Buffer.from(bytes)))
  }
}

export async function encode(type: ImageType, image: Pixels): Promise<Uint8Array> {
  switch (type) {
    case 'image/jpeg':
      return image.getBuffer('image/jpeg', { quality: jpegQuality })
    case 'image/webp':
      return webpFormat.encode(image.bitmap, { quality: webpQuality })
    case 'image/png':
    case 'image/gif':
      return image.getBuffer('image/png', { deflateLevel: 6, deflateStrategy: 0 })
  }
}
