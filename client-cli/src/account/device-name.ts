import os from 'node:os'

const longest = 64

/** What the person's other devices and friends see this one called, unless they say otherwise. */
export function usualDeviceName(): string {
  return `${os.hostname()} (terminal)`.slice(-longest)
}
