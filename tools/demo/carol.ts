import { setTimeout as sleep } from 'node:timers/promises'
import type { ChatClient } from '@fastchat/client-core'
import { type Bot, onText } from './bot.ts'
import { isOfTheTeam } from './team.ts'

/** The one who is offline, until somebody asks for her. */
export interface Carol {
  isOnline(): boolean
  set(isOnline: boolean): Promise<void>
  /** Comes by for a moment and leaves a line, so that there is a conversation with her. */
  comeBy(visitor: string): Promise<void>
}

const leaveAfterMs = 10_000

export function createCarol(bot: Bot, lifetimeSeconds: number): Carol {
  // One thing after the other: opening and closing the same storage at once would fail.
  let last: Promise<unknown> = Promise.resolve()
  let isAskedFor = false
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  const arrive = async () => {
    const isHere = bot.client() !== undefined
    const since = Date.now()
    const client = await bot.goOnline()
    if (!isHere) answerTo(client, since)
    return client
  }
  return {
    isOnline: () => isAskedFor,
    async set(isOnline) {
      isAskedFor = isOnline
      await inTurn<unknown>(isOnline ? arrive : () => bot.goOffline())
    },
    comeBy: (visitor) =>
      inTurn(async () => {
        const client = await arrive()
        const { id } = await client.send(visitor, {
          text: `My train leaves, and my phone is off from now on. Write to me all the same: the servers keep it sealed for ${lifetimeSeconds} seconds, and then it is gone. Unless somebody brings me back before.`,
        })
        // A visitor who has left again must not keep her from being asked for.
        await Promise.race([client.settled(id), sleep(leaveAfterMs, undefined, { ref: false })])
        if (!isAskedFor) await bot.goOffline()
      }),
  }
}

function answerTo(client: ChatClient, since: number): void {
  onText(client, (message) => {
    // The team writes to her too, and is not answered.
    if (message.peer === undefined || isOfTheTeam(message.from)) return
    const waited = Math.max(1, Math.round((client.serverNowMs - message.sentAtMs) / 1000))
    const text =
      // Everybody in a demo has the same clock.
      message.sentAtMs > since
        ? 'I am here, so that came at once. Send me away again to see it wait.'
        : `Back online! That waited ${waited} s for me, sealed, on servers that could not read it.`
    client.send(message.from, { text }).catch(() => undefined)
  })
}
