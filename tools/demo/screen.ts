import type { Door } from './links.ts'

const colours = { bold: [1, 22], dim: [2, 22], green: [32, 39], cyan: [36, 39] } as const

export type Ink = (colour: keyof typeof colours, text: string) => string

/** Paints for a terminal that takes colours. */
export function inkFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Ink {
  const isPainted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  return (colour, text) => {
    const [on, off] = colours[colour]
    return isPainted ? `\u001b[${on}m${text}\u001b[${off}m` : text
  }
}

export interface ScreenFacts {
  readonly links: { make(door: Door): string }
  readonly ink: Ink
  readonly seconds: number
  readonly lifetimeSeconds: number
  /** What follows `npm run demo --`, so that it reaches this demo. */
  readonly at: string
}

const doors: readonly (readonly [Door, string, string])[] = [
  ['alice', 'Chat as alice', 'opens signed in'],
  ['bob', 'Chat as bob', 'in a second window'],
  ['desk', 'Buttons', 'carol, servers, new links'],
  ['dashboard', 'Dashboard', 'what an operator sees'],
  ['playground', 'Playground', 'the API, filled in'],
]

/** The addresses, each good for one use. */
export function linkRows({ links, ink, at }: Pick<ScreenFacts, 'links' | 'ink' | 'at'>): string {
  const rows = doors.map(([door, name, about]) => [name, links.make(door), about] as const)
  const width = Math.max(...rows.map(([, link]) => link.length))
  const lines = rows.map(([name, link, about]) => row(ink, name, link, about, width))
  return [...lines, row(ink, 'Terminal', `npm run demo -- chat${at}`, 'chat as tina', width)].join(
    '\n',
  )
}

function row(ink: Ink, name: string, link: string, about: string, width: number): string {
  const space = ' '.repeat(width - link.length)
  return `  ${ink('bold', name.padEnd(15))}${ink('cyan', link)}${space}  ${ink('dim', about)}`
}

/** All that a person has to read. */
export function screen(facts: ScreenFacts): string {
  const { ink, seconds, lifetimeSeconds, at } = facts
  return `
  ${ink('bold', `ready in ${seconds.toFixed(1)} s`)}

${linkRows(facts)}

  Each link works once; npm run demo -- links${at} makes new ones.

  ${ink('bold', 'Try')}  Write to bob-bot: one tick when a server has it, two when his device does.
       Write to carol, who is offline, and watch its ${lifetimeSeconds} seconds. Then bring her online:
         npm run demo -- carol online${at}
       Kill a server, and keep chatting:
         npm run demo -- kill 3${at}
       Hold one back, and see on the dashboard who is sent elsewhere:
         npm run demo -- slow 4${at}

  All of it is on this machine. ${ink('bold', 'Ctrl+C')} stops everything and deletes everything.
`
}
