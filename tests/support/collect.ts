import type { ChatClient, ChatMessage } from '@fastchat/client-core'
import { deadlineMs } from './until.ts'

export interface Collected {
  readonly messages: readonly ChatMessage[]
  /** Of all messages, in the order in which they came. */
  texts(): readonly string[]
  /** Of the messages of one sender. */
  textsFrom(username: string): readonly string[]
  /** Resolves when so many have come; how many more come later is for the test to look at. */
  until(count: number): Promise<void>
  /** Resolves when a message with this text has come. */
  untilText(text: string): Promise<void>
}

/** Everything that a client is told of from now on. */
export function collect(client: ChatClient): Collected {
  const messages: ChatMessage[] = []
  const waiters = new Set<() => void>()
  client.on('message', (message) => {
    messages.push(message)
    for (const look of [...waiters]) look()
  })
  const texts = (wanted: readonly ChatMessage[]) => wanted.map(textOf)

  function untilTrue(what: string, isTrue: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiters.delete(look)
        reject(new Error(`Not within ${deadlineMs} ms: ${what}. There came: ${texts(messages)}`))
      }, deadlineMs)
      const look = () => {
        if (!isTrue()) return
        clearTimeout(timer)
        waiters.delete(look)
        resolve()
      }
      waiters.add(look)
      look()
    })
  }

  return {
    messages,
    texts: () => texts(messages),
    textsFrom: (username) =>
      texts(messages.filter((message) => 'from' in message && message.from === username)),
    until: (count) => untilTrue(`${count} messages`, () => messages.length >= count),
    untilText: (text) =>
      untilTrue(`a message "${text}"`, () => messages.some((one) => textOf(one) === text)),
  }
}

export function textOf(message: ChatMessage): string {
  return message.kind === 'text' ? message.text : `(${message.kind})`
}
