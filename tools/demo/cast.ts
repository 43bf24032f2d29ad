import type { ChatClient, Group } from '@fastchat/client-core'
import { type Bot, createBot, onText } from './bot.ts'
import { type Carol, createCarol } from './carol.ts'
import { seeded } from './seeded.ts'
import { privateTalk, teamAnswers, teamTalk } from './small-talk.ts'
import { startTalk, type Talk } from './talk.ts'
import { isOfTheTeam, team } from './team.ts'

/** Everybody in the demo who is a program. */
export interface Cast {
  readonly carol: Carol
  /** Somebody with a link is about to come in: welcomes them as soon as they are there. */
  expect(visitor: string): Promise<void>
  close(): Promise<void>
}

export interface CastOptions {
  readonly url: string
  readonly seed: number
  readonly lifetimeSeconds: number
}

const lookEveryMs = 250
const comeWithinMs = 120_000

export async function openCast({ url, seed, lifetimeSeconds }: CastOptions): Promise<Cast> {
  const names = [...team, 'carol', 'frank']
  const [bob, dave, erin, carolBot, frank] = await Promise.all(
    names.map((name) => createBot(url, name)),
  )
  if (!bob || !dave || !erin || !carolBot || !frank) throw new Error('unreachable: five bots')
  const bobs = online(bob)
  const groupOf = bobs.groups.create({ name: 'team', members: ['dave', 'erin'] })
  await Promise.all([carolBot.goOffline(), frank.goOffline()])
  const group = await groupOf
  const carol = createCarol(carolBot, lifetimeSeconds)
  const chance = seeded(seed)

  echo(bobs)
  answerInTeam(online(erin), chance.pick)
  const talk = startTalk({
    lines: { team: teamTalk, private: privateTalk },
    team: { conversation: group.conversation, speakers: [online(dave), online(erin)] },
    away: ['frank', 'carol'],
    chance,
    speed: 120 / lifetimeSeconds,
  })
  return {
    carol,
    expect: createWelcome({ bobs, group, carol, lifetimeSeconds }),
    close: () => closeAll([bob, dave, erin, carolBot, frank], talk),
  }
}

function online(bot: Bot): ChatClient {
  const client = bot.client()
  if (client === undefined) throw new Error(`unreachable: ${bot.name} is online`)
  return client
}

async function closeAll(bots: readonly Bot[], talk: Talk): Promise<void> {
  talk.stop()
  await Promise.all(bots.map((bot) => bot.goOffline()))
}

function echo(bobs: ChatClient): void {
  bobs.on('message', (message) => {
    if (!('from' in message) || message.isMine || message.peer === undefined) return
    if (message.kind === 'text') bobs.send(message.from, { text: message.text }).catch(ignore)
    else if (message.kind === 'file')
      bobs.send(message.from, { text: 'Your file arrived whole. I only echo words.' }).catch(ignore)
  })
}

function answerInTeam(erins: ChatClient, pick: (list: readonly string[]) => string): void {
  onText(erins, ({ peer, from, conversation }) => {
    if (peer !== undefined || isOfTheTeam(from)) return
    erins.send(conversation, { text: `${from}: ${pick(teamAnswers)}` }).catch(ignore)
  })
}

function createWelcome(options: {
  readonly bobs: ChatClient
  readonly group: Group
  readonly carol: Carol
  readonly lifetimeSeconds: number
}): (visitor: string) => Promise<void> {
  const { bobs, group, carol, lifetimeSeconds } = options
  const met = new Set<string>()
  return async (visitor) => {
    const device = await untilThere(bobs, visitor, met)
    if (device === undefined) return
    met.add(device)
    const members = (await bobs.groups.get(group.id))?.members ?? []
    await bobs.send(visitor, { text: welcome(visitor, lifetimeSeconds) })
    if (!members.some(({ username }) => username === visitor))
      await bobs.groups.add(group.id, [visitor])
    await bobs.send(group.conversation, { text: `Say hello to ${visitor}, everybody.` })
    await carol.comeBy(visitor)
  }
}

/** Resolves with a device of the visitor that was not met before, once somebody reads there. */
async function untilThere(
  bobs: ChatClient,
  visitor: string,
  met: ReadonlySet<string>,
): Promise<string | undefined> {
  const giveUpAt = performance.now() + comeWithinMs
  while (performance.now() < giveUpAt) {
    const person = await bobs.lookUp(visitor).catch(() => null)
    const device = person?.devices.find(({ id }) => !met.has(id))
    if (person?.isOnline === true && device !== undefined) return device.id
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  return undefined
}

function welcome(visitor: string, lifetimeSeconds: number): string {
  return [
    `Hi ${visitor}! I am bob-bot, and I echo what you write: one tick when the servers have it, two when my device does.`,
    '',
    `Then write to carol. She is offline, so you can watch a message wait for its ${lifetimeSeconds} seconds. Bring her back before they are over, or let it expire.`,
    '',
    'And while we chat, kill a server: `npm run demo -- kill 3`',
  ].join('\n')
}

/** A bot that could not answer is silent; what is wrong with the servers is told by their own logs. */
function ignore(): void {}
