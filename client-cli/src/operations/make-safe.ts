import { safeLine } from '../text/safe-text.ts'

/** Every text that a server wrote, before it is put between signs of ours. */
export function makeSafe<T>(value: T): T {
  if (typeof value === 'string') return safeLine(value) as T
  if (Array.isArray(value)) return value.map(makeSafe) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, makeSafe(one)])) as T
}
