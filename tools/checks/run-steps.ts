import { Halt } from '../halt.mjs'
import type { Step, Verdict } from './steps.ts'

/** Enough to use two cores, and no more memory than a small machine has. */
const atOnce = 2
const shownLines = 100

/** Runs the steps, prints a line for each in their order, and returns the names of those that failed. */
export async function runSteps(steps: readonly Step[]): Promise<string[]> {
  const running: Promise<Verdict & { seconds: string }>[] = []
  const start = (index: number): Promise<Verdict & { seconds: string }> | undefined => {
    const step = steps[index]
    if (step === undefined) return undefined
    running[index] ??= timed(step)
    return running[index]
  }
  const failed: string[] = []
  for (const [index, { name, about }] of steps.entries()) {
    for (let ahead = index; ahead < index + atOnce; ahead += 1) void start(ahead)
    const verdict = await start(index)
    if (verdict === undefined) break
    console.log(`${verdict.ok ? '✓' : '✗'} ${about.padEnd(36)}${verdict.seconds.padStart(6)} s`)
    if (verdict.ok) continue
    failed.push(name)
    console.log(shorten(verdict.details).replace(/^/gm, '    '))
  }
  return failed
}

function shorten(details: string): string {
  const lines = details.split('\n')
  if (lines.length <= shownLines) return details
  return [...lines.slice(0, shownLines), `... and ${lines.length - shownLines} more lines`].join(
    '\n',
  )
}

async function timed(step: Step): Promise<Verdict & { seconds: string }> {
  const began = performance.now()
  const verdict = await step.run().catch((error: unknown) => ({
    ok: false,
    details: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }))
  return { ...verdict, seconds: ((performance.now() - began) / 1000).toFixed(1) }
}

/** The steps of those names, in their own order; all of them when none is named. */
export function chooseSteps(steps: readonly Step[], names: readonly string[]): readonly Step[] {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0)
    throw new Halt(
      `No check is called ${unknown.join(', ')}. There are ${steps.map(({ name }) => name).join(', ')}.`,
    )
  return names.length === 0 ? steps : steps.filter(({ name }) => names.includes(name))
}
