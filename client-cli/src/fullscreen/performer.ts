import type { ChatClient, FileMessage } from '../client.ts'
import type { Command, CommandContext, Outcome } from '../commands/command.ts'
import { runLine } from '../commands/run-line.ts'
import { describeFailure } from '../describe-failure.ts'
import type { FileDesk } from '../images/file-desk.ts'
import type { PictureRoom } from '../images/picture-lines.ts'
import { cleared, conversationByTarget, muted } from './model/conversations.ts'
import { removed, sent } from './model/messages.ts'
import { answered } from './model/notices.ts'
import { openConversation, timelineOf } from './model/state.ts'
import { keyOfOwn } from './model/timeline.ts'
import type { Reader } from './reader.ts'
import type { ScreenStore } from './screen-store.ts'

export interface PerformerOptions {
  readonly client: ChatClient
  readonly commands: readonly Command[]
  readonly files: FileDesk
  /** How large a picture may be shown. */
  readonly pictureRoom: () => PictureRoom
  readonly store: ScreenStore
  readonly reader: Reader
  readonly now: () => number
  readonly onLeave: () => void
}

/** Runs what is typed, one line after the other, and does what comes out of it. */
export class Performer {
  readonly #options: PerformerOptions
  #last: Promise<void> = Promise.resolve()
  #answer: ((text: string | undefined) => void) | undefined

  constructor(options: PerformerOptions) {
    this.#options = options
  }

  /** Lines typed while one is still being obeyed wait their turn. */
  obey(line: string): Promise<void> {
    this.#last = this.#last.then(() => this.#obey(line))
    return this.#last
  }

  /** What the person answered to the question on the screen. */
  answer(text: string | undefined): void {
    this.#answer?.(text)
    this.#answer = undefined
  }

  async #obey(line: string): Promise<void> {
    const { client, commands, files, store, now, onLeave } = this.#options
    const context: CommandContext = {
      client,
      commands,
      files,
      open: this.#place(),
      nowMs: now(),
    }
    try {
      const outcome = await runLine(line, context, (question) => this.#ask(question))
      if (outcome.kind === 'exit') onLeave()
      else await this.#perform(outcome, line)
    } catch (error) {
      const { message } = describeFailure(error)
      store.set((state) => answered(state, [message], echoOf(line)))
    }
  }

  #place(): CommandContext['open'] {
    const open = openConversation(this.#options.store.state)
    return open === undefined ? undefined : { to: open.target, title: open.title }
  }

  #ask(question: string): Promise<string | undefined> {
    this.#options.store.set((state) => ({ ...state, question }))
    return new Promise((resolve) => {
      this.#answer = resolve
    })
  }

  async #perform(outcome: Exclude<Outcome, { kind: 'exit' }>, line: string): Promise<void> {
    const { client, store, reader, now } = this.#options
    switch (outcome.kind) {
      case 'print':
        store.set((state) => answered(state, outcome.lines, echoOf(line)))
        return this.#lookAgain()
      case 'send': {
        const message = await client.send(outcome.to, { text: outcome.text })
        store.set((state) => sent(state, message))
        return this.#sayWhereItWent(outcome.to)
      }
      case 'sent':
        store.set((state) => sent(state, outcome.message))
        store.set((state) => answered(state, [outcome.note], echoOf(line)))
        return
      case 'picture':
        return this.#showPicture(outcome.message, line)
      case 'open':
      case 'show-history':
        return reader.open(conversationByTarget(store.state, outcome.name, outcome.title))
      case 'clear':
        return store.set(cleared)
      case 'help':
        return store.set((state) => ({ ...state, overlay: { kind: 'help', skippedRows: 0 } }))
      case 'safety-number': {
        const { name, digits, qr } = outcome
        const overlay = { kind: 'safety-number', name, digits, qr } as const
        return store.set((state) => ({ ...state, overlay }))
      }
      case 'retry':
        return this.#retry(outcome.number, line)
      case 'mute': {
        const { key, title } = conversationByTarget(store.state, outcome.name)
        const { untilMs } = outcome
        store.set((state) => muted(state, key, untilMs))
        const said =
          untilMs > now() ? `${title} rings no bell now.` : `${title} rings the bell again.`
        return store.set((state) => answered(state, [said], echoOf(line)))
      }
    }
  }

  async #showPicture(message: FileMessage, line: string): Promise<void> {
    const { files, store, pictureRoom } = this.#options
    const title = message.file.name
    const rows = await files.picture(message, pictureRoom())
    const none = [`${title} cannot be shown here. /save keeps it as a file.`]
    if (rows.length === 0) return store.set((state) => answered(state, none, echoOf(line)))
    store.set((state) => ({ ...state, overlay: { kind: 'picture', title, rows } }))
  }

  async #retry(number: number | undefined, line: string): Promise<void> {
    const { client, store } = this.#options
    const { retries } = store.state
    const wanted =
      number === undefined ? retries.findLast(({ id }) => this.#isThere(id)) : retries[number - 1]
    if (wanted === undefined || !this.#isThere(wanted.id)) {
      const none =
        number === undefined
          ? 'There is nothing to send again.'
          : `There is no message ${number} to send again. The number stands beside the message.`
      return store.set((state) => answered(state, [none], echoOf(line)))
    }
    const message = await client.sendAgain(wanted.id)
    store.set((state) => sent(removed(state, wanted.id, wanted.conversation), message))
  }

  #isThere(id: string): boolean {
    const { state } = this.#options.store
    const retry = state.retries.find((known) => known.id === id)
    const key = keyOfOwn(id)
    return timelineOf(state, retry?.conversation).entries.some((entry) => entry.key === key)
  }

  /** A command may have changed how somebody stands to us, or what a group is called. */
  async #lookAgain(): Promise<void> {
    const { store, reader } = this.#options
    const open = openConversation(store.state)
    await Promise.all([reader.list(), open === undefined ? undefined : reader.learnPerson(open)])
  }

  #sayWhereItWent(to: string): void {
    const { store } = this.#options
    const { key, title } = conversationByTarget(store.state, to)
    if (key === store.state.open) return
    const said = `To ${title}: on its way. /open ${title} shows the conversation.`
    store.set((state) => answered(state, [said]))
  }
}

/** What was asked stands above the answer; what was said stands where it was said. */
function echoOf(line: string): string | undefined {
  return line.startsWith('/') && !line.startsWith('//') ? line : undefined
}
