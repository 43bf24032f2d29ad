export const ranges = [1, 5, 15, 60] as const
export type Minutes = (typeof ranges)[number]

const usual: Minutes = 5

export function hashOf(minutes: Minutes): string {
  return `#range=${minutes}m`
}

export function rangeIn(hash: string): Minutes {
  const written = Number(/[#&]range=(\d+)m\b/.exec(hash)?.[1])
  return ranges.find((minutes) => minutes === written) ?? usual
}
