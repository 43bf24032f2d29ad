import type { Clock, Random } from '../sync/clock.ts'

interface Timer {
  readonly dueMs: number
  readonly callback: () => void
}

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves on, calls what falls due in order, and lets promises settle between the calls. */
  advance(ms: number): Promise<void>
  readonly pendingTimers: number
}

export function fakeClock(startMs = Date.UTC(2026, 10, 22, 12)): FakeClock {
  let passedMs = 0
  const timers = new Set<Timer>()

  return {
    nowMs: () => startMs + passedMs,
    monotonicMs: () => passedMs,
    after(delayMs, callback) {
      const timer = { dueMs: passedMs + Math.max(0, delayMs), callback }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    async advance(ms) {
      const endMs = passedMs + ms
      await settle()
      for (let next = nextDue(timers, endMs); next !== undefined; next = nextDue(timers, endMs)) {
        passedMs = next.dueMs
        timers.delete(next)
        next.callback()
        await settle()
      }
      passedMs = endMs
    },
    get pendingTimers() {
      return timers.size
    },
  }
}

function nextDue(timers: ReadonlySet<Timer>, endMs: number): Timer | undefined {
  return [...timers]
    .filter((timer) => timer.dueMs <= endMs)
    .sort((one, other) => one.dueMs - other.dueMs)[0]
}

/** Moves the clock on in small steps until it holds. Fails with `claim` if it never does. */
export async function until(
  clock: FakeClock,
  claim: string,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let turn = 0; turn < 3000; turn++) {
    if (await holds()) return
    await clock.advance(20)
  }
  throw new Error(`It did not come to be that ${claim}.`)
}

/** Long enough for every promise that waits for nothing outside the process. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

/** The same numbers for the same seed (mulberry32), so that a failing run can be run again. */
export function seededRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
