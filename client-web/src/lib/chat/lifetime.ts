const usualMs = 120_000
const longestMs = 86_400_000

/** How long a message lived at the servers in all, as far as the sender's clock can be trusted. */
export function lifetimeOf(expiresAtMs: number, sentAtMs: number): number {
  const lived = expiresAtMs - sentAtMs
  return lived > 0 && lived < longestMs ? lived : usualMs
}
