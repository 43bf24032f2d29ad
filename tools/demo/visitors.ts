import { randomBytes } from 'node:crypto'
import { playgroundLink } from '@fastchat/client-core'
import { type Bot, createBot } from './bot.ts'
import type { Cast } from './cast.ts'
import type { Opened } from './desk.ts'
import type { Door } from './links.ts'
import type { DemoPorts } from './ports.ts'

/** For the people who come to look: who they are behind each door. */
export interface Visitors {
  open(door: Door): Promise<Opened>
  /** What the terminal client of tina signs in with. */
  terminal(): { readonly name: string; readonly password: string; readonly server: string }
  close(): Promise<void>
}

export interface VisitorsOptions {
  readonly url: string
  readonly cast: Cast
  readonly operator: { readonly name: string; readonly password: string }
  /** Makes a key for the page with the buttons. */
  newKey(): string
  say(line: string): void
}

/** Two people in one browser: what a browser keeps belongs to an address, and this machine has two. */
export function doorAddress(door: Door, ports: DemoPorts): string {
  switch (door) {
    case 'alice':
      return `http://127.0.0.1:${ports.web}/`
    case 'bob':
      return `http://localhost:${ports.web}/`
    case 'dashboard':
      return `http://127.0.0.1:${ports.dashboard}/`
    case 'playground':
      return `http://127.0.0.1:${ports.web}/demo/api`
    case 'desk':
      return `http://127.0.0.1:${ports.web}/demo/`
  }
}

export function createVisitors(options: VisitorsOptions): Visitors {
  const { url, cast, operator, newKey, say } = options
  const passwords = new Map<string, string>()
  let caller: Promise<Bot> | undefined

  const passwordOf = (name: string) => {
    const password = passwords.get(name) ?? randomBytes(24).toString('base64url')
    passwords.set(name, password)
    return password
  }
  const expect = (name: string) => {
    cast.expect(name).catch((error: unknown) => {
      say(`Nobody could welcome ${name}: ${error instanceof Error ? error.message : error}`)
    })
  }
  /** A person of its own, whose inbox nobody else reads. */
  const fillPlayground = async () => {
    caller ??= createBot(url, 'pat')
    const bot = await caller
    const client = await bot.goOnline()
    try {
      const sample = { to: 'bob-bot', text: 'Hello from the playground.' }
      return playgroundLink(await client.apiAccess(sample), 'pat')
    } finally {
      await bot.goOffline()
    }
  }

  return {
    async open(door) {
      switch (door) {
        case 'alice':
        case 'bob':
          expect(door)
          return {
            kind: 'person',
            name: door,
            password: passwordOf(door),
            greeter: 'bob-bot',
          }
        case 'dashboard':
          return { kind: 'operator', ...operator }
        case 'desk':
          return { kind: 'desk', key: newKey() }
        case 'playground':
          return { kind: 'go', url: await fillPlayground() }
      }
    },
    terminal() {
      expect('tina')
      return { name: 'tina', password: passwordOf('tina'), server: url }
    },
    async close() {
      await (await caller)?.goOffline()
    },
  }
}
