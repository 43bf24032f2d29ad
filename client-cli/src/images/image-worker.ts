import { parentPort, workerData } from 'node:worker_threads'
import { decode, encode, type Pixels } from './codecs.ts'
import type { EncodedImage, EncodeJob, ImageJob, Preview, PreviewJob } from './image-job.ts'

parentPort?.postMessage(await done(workerData as ImageJob))

function done(job: ImageJob): Promise<EncodedImage | Preview> {
  return job.kind === 'encode' ? encoded(job) : preview(job)
}

async function encoded({ bytes, type, maxSide }: EncodeJob): Promise<EncodedImage> {
  const image = await decode(type, bytes)
  shrink(image, maxSide, maxSide)
  // Of a GIF there is one frame left, and that is a PNG.
  const next = type === 'image/gif' ? 'image/png' : type
  const { width, height } = image
  return { kind: 'encoded', bytes: await encode(next, image), type: next, width, height }
}

async function preview({ bytes, type, fits }: PreviewJob): Promise<Preview> {
  const image = await decode(type, bytes)
  shrink(image, fits.width, fits.height)
  const { width, height } = image
  const pixels = new Uint8Array(image.bitmap.data)
  return { kind: 'preview', width, height, pixels, png: await encode('image/png', image) }
}

/** Never larger than it was. */
function shrink(image: Pixels, width: number, height: number): void {
  if (image.width > width || image.height > height) image.scaleToFit({ w: width, h: height })
}
