import { parseArgs } from 'node:util'
import { nearest } from '../../client-cli/src/commands/nearest.ts'
import { Halt } from '../halt.mjs'

export const usage = `npm run demo                            FastChat with people in it, on data that is thrown away
npm run demo -- --speed 10              what lives 120 s lives 12 s (1 to 60)
npm run demo -- --seed 7                the same small talk again
npm run demo -- --port 8000             other ports than 7680 and those behind it

While it runs, from another terminal:
npm run demo -- carol online            or offline
npm run demo -- kill 3                  kill -9 of server 3; it is started again
npm run demo -- slow 4                  holds server 4 back for 30 s
npm run demo -- links                   new links: each works once
npm run demo -- chat                    chat as tina in that terminal
With several demos at once, --port says which.`

/** What the demo that runs is asked to do. */
export type Wish =
  | { readonly verb: 'carol'; readonly isOnline: boolean }
  | { readonly verb: 'kill' | 'slow'; readonly server: number }
  | { readonly verb: 'links' | 'chat' }

export type DemoOptions =
  | { readonly kind: 'help' }
  | { readonly kind: 'run'; readonly speed: number; readonly seed: number; readonly port?: number }
  | { readonly kind: 'wish'; readonly wish: Wish; readonly port?: number }

export const serverCount = 5
const verbs = ['carol', 'kill', 'slow', 'links', 'chat']

export function readDemoOptions(args: readonly string[]): DemoOptions {
  const { values, positionals } = parse(args)
  if (values.help === true || positionals[0] === 'help') return { kind: 'help' }
  const port = number('--port', values.port, 1024, 65_000)
  const at = port === undefined ? {} : { port }
  if (positionals.length === 0) {
    const speed = number('--speed', values.speed, 1, 60) ?? 1
    const seed = number('--seed', values.seed, 0, 4_294_967_295) ?? 1
    return { kind: 'run', speed, seed, ...at }
  }
  const wish = readWish(positionals)
  if (values.speed !== undefined || values.seed !== undefined)
    throw new Halt('--speed and --seed are chosen when a demo is started, not while it runs.')
  return { kind: 'wish', wish, ...at }
}

function readWish([verb = '', which, ...rest]: readonly string[]): Wish {
  if (!verbs.includes(verb)) {
    const meant = nearest(verb, verbs)
    const hint = meant === undefined ? `Known are ${verbs.join(', ')}.` : `Did you mean "${meant}"?`
    throw new Halt(`The demo does not know "${verb}". ${hint} npm run demo -- --help shows how.`)
  }
  if (rest.length > 0) throw new Halt(`"${rest[0]}" is one word too many.\n\n${usage}`)
  if (verb === 'carol') {
    if (which === 'online' || which === 'offline') return { verb, isOnline: which === 'online' }
    throw new Halt('Carol goes "online" or "offline": npm run demo -- carol online')
  }
  if (verb === 'kill' || verb === 'slow') {
    const server = number(`The server after "${verb}"`, which, 1, serverCount)
    if (server === undefined) throw new Halt(`Which server? npm run demo -- ${verb} 3`)
    return { verb, server }
  }
  if (which !== undefined) throw new Halt(`"${which}" is one word too many.\n\n${usage}`)
  return { verb: verb as 'links' | 'chat' }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        speed: { type: 'string' },
        seed: { type: 'string' },
        port: { type: 'string' },
      },
    })
  } catch (error) {
    const said = error instanceof Error ? error.message.split('. ')[0] : 'That was not understood'
    throw new Halt(`${said}.\n\n${usage}`)
  }
}

function number(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
): number | undefined {
  if (text === undefined) return undefined
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new Halt(`${name} is a whole number from ${min} to ${max}, and "${text}" is not.`)
}
