import type { Prompter } from '../screen/prompter.ts'
import { usualServer } from '../settings.ts'

const answerWithinMs = 3_000

/** Asks until a FastChat answers there: a slip is told now, and not after the password was thought up. */
export async function askServer(prompter: Prompter): Promise<string> {
  if (!prompter.canAsk) return usualServer
  for (;;) {
    const typed = (await prompter.ask(`Server (Enter for ${usualServer}): `)).trim()
    const url =
      typed === '' || /^https?:\/\//.test(typed) ? typed || usualServer : `http://${typed}`
    if (await answers(url)) return url
    prompter.say(
      'No FastChat answers there. It runs with "npm start"; an address looks like http://127.0.0.1:7680.',
    )
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const health = new URL('/health', url)
    return (await fetch(health, { signal: AbortSignal.timeout(answerWithinMs) })).ok
  } catch {
    return false
  }
}
