import { Jimp } from 'jimp'

/** Hills under an evening sky: for pictures of the program, where a gradient would look like a fault. */
export async function landscapePng(width = 480, height = 270): Promise<Buffer> {
  const image = new Jimp({ width, height, color: 0x000000ff })
  const ridges = [
    { base: 0.58, swing: 0.1, waves: 2.1, shift: 0.4, colour: [88, 62, 112] },
    { base: 0.7, swing: 0.08, waves: 3.3, shift: 1.9, colour: [52, 44, 84] },
    { base: 0.84, swing: 0.06, waves: 4.7, shift: 3.1, colour: [24, 26, 48] },
  ] as const
  image.scan((x, y, at) => {
    const across = x / width
    const down = y / height
    const sun = Math.hypot((across - 0.66) * 1.78, down - 0.44)
    let colour: readonly number[] = [
      80 + 170 * Math.min(1, down * 1.6),
      70 + 90 * Math.min(1, down * 1.5),
      150 - 50 * down,
    ]
    if (sun < 0.085) colour = [255, 236, 180]
    else if (sun < 0.3) colour = colour.map((part) => Math.min(255, part + 70 * (1 - sun / 0.3)))
    for (const { base, swing, waves, shift, colour: own } of ridges) {
      const edge =
        base + swing * Math.sin(waves * across * 4 + shift) * Math.cos(across * 5 + shift)
      if (down > edge) colour = own
    }
    for (const part of [0, 1, 2]) image.bitmap.data[at + part] = colour[part] ?? 0
    image.bitmap.data[at + 3] = 255
  })
  return image.getBuffer('image/png')
}
