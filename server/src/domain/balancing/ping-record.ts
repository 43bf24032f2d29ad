export interface PingSample {
  readonly at: Date
  /** Null: no answer in time. */
  readonly pingMs: number | null
}

/** What one server's pings have told, and how many clients were sent there since. */
export interface PingRecord {
  /** Milliseconds since 1970: which process these measurements belong to. */
  readonly startedAt: number
  /** Null when the last ping went unanswered. */
  smoothedMs(): number | null
  /** The last ping as it was; null when it went unanswered. */
  lastMs(): number | null
  sockets(): number
  /** Arrivals that the socket count may not show yet. */
  recentPicks(): number
  history(): readonly PingSample[]
  answered(sample: { at: Date; pingMs: number; sockets: number }): void
  missed(at: Date): void
  picked(): void
}

/** Of a new ping in the smoothed one: a single slow answer moves it by less than a third. */
const weight = 0.3
/** Five minutes at one a second. */
export const historyLength = 300

export function createPingRecord(startedAt: number): PingRecord {
  let smoothed: number | null = null
  let alive = false
  let last: number | null = null
  let sockets = 0
  let picks = 0
  let picksBefore = 0
  // A ring: a list that loses its first element each second would be copied each second.
  const samples: PingSample[] = []
  let next = 0

  const remember = (sample: PingSample) => {
    samples[next] = sample
    next = (next + 1) % historyLength
    last = sample.pingMs
    // Clients sent here a moment before this ping may still be on their way, so they count for one round longer.
    picksBefore = picks
    picks = 0
  }

  return {
    startedAt,
    lastMs: () => last,
    smoothedMs: () => (alive ? smoothed : null),
    sockets: () => sockets,
    recentPicks: () => picks + picksBefore,
    history: () => [...samples.slice(next), ...samples.slice(0, next)],
    answered({ at, pingMs, sockets: open }) {
      smoothed = smoothed === null ? pingMs : smoothed + weight * (pingMs - smoothed)
      alive = true
      sockets = open
      remember({ at, pingMs })
    },
    missed(at) {
      alive = false
      remember({ at, pingMs: null })
    },
    picked() {
      picks += 1
    },
  }
}
