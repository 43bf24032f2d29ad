import type { ChatClient, ChatEvents, Message, SendState } from '../client.ts'
import type { Command, CommandContext, Outcome } from '../commands/command.ts'
import type { Place } from '../commands/find-place.ts'
import { asWord } from '../commands/parse-line.ts'
import { runLine } from '../commands/run-line.ts'
import { describeFailure } from '../describe-failure.ts'
import type { Exit } from '../exit-codes.ts'
import type { FileDesk } from '../images/file-desk.ts'
import type { Screen } from '../screen/screen.ts'
import type { Clock } from '../terminal.ts'
import { explainState } from '../text/explain-state.ts'
import { connectionNews, type Heard } from './connection-notice.ts'
import { groupAlarmText } from './group-alarm-text.ts'
import type { Look } from './message-lines.ts'
import { isSaid } from './message-view.ts'
import { missedNotice } from './missed-notice.ts'
import { Pictures } from './pictures.ts'
import { promptText } from './prompt-text.ts'
import { Retries } from './retries.ts'
import { safetyNumberAnswer } from './safety-number-answer.ts'
import { isOnItsWay } from './send-progress.ts'
import { ShownMessages } from './shown-messages.ts'
import { placeOf, Titles } from './titles.ts'
import { until } from './until.ts'
import { Voice } from './voice.ts'

/** States that somebody has to do something about. */
const exits: { readonly [Kind in SendState['kind']]?: Exit } = {
  failed: 'failed',
  held: 'untrusted',
  expired: 'expired',
  'partly-delivered': 'not-delivered',
}
const patienceMs = 30_000

export interface ChatOptions {
  readonly client: ChatClient
  readonly screen: Screen
  readonly commands: readonly Command[]
  readonly look: Omit<Look, 'columns'>
  readonly clock: Clock
  readonly files: FileDesk
}

/** The conversation with the person at the keyboard, until they leave. */
export class Chat {
  readonly #options: ChatOptions
  readonly #messages: ShownMessages
  readonly #voice: Voice
  readonly #titles = new Titles()
  /** By what `send` takes. */
  readonly #unread = new Map<string, number>()
  readonly #retries = new Retries()
  readonly #pictures: Pictures
  #open: Place | undefined
  #heard: Heard = { kind: 'nothing' }
  #exit: Exit = 'ok'

  constructor(options: ChatOptions) {
    this.#options = options
    this.#voice = new Voice(options)
    this.#pictures = new Pictures({ ...options, voice: this.#voice })
    this.#messages = new ShownMessages({
      screen: options.screen,
      look: () => this.#look(),
      now: () => this.#now(),
      serverNow: () => options.client.serverNowMs,
      titleOf: (message) => this.#titles.ofMessage(message),
    })
  }

  async run(): Promise<Exit> {
    const { client, clock, screen } = this.#options
    const stops = [
      client.on('message', (message) => this.#arrived(message)),
      client.on('delivery', (delivery) => this.#cameFurther(delivery)),
      client.on('connection', () => this.#connectionChanged()),
      client.on('key-changed', ({ username }) => {
        this.#voice.notice(
          `The key of ${username} changed. Nothing is sent to ${username} until you decide.`,
        )
        this.#voice.notice(`Ask ${username} whether they began afresh, then: /trust ${username}`)
      }),
      client.on('group', (group) => this.#titles.learn(group)),
      client.on('group-alarm', ({ groupId, reason }) => {
        this.#voice.notice(groupAlarmText(this.#titles.of(`group:${groupId}`), reason))
      }),
      client.on('file', (message) => this.#pictures.changed(message)),
      client.on('missed', ({ count }) => this.#voice.notice(missedNotice(count))),
      clock.every(1000, () => this.#tick()),
    ]
    try {
      await this.#titles.load(client)
      if (screen.isInteractive)
        this.#voice.notice(`You are ${client.username}. /help shows what to type.`)
      this.#connectionChanged()
      this.#drawPrompt()
      return await this.#listen()
    } finally {
      for (const stop of stops) stop()
      screen.close()
    }
  }

  async #listen(): Promise<Exit> {
    const { screen } = this.#options
    for (;;) {
      const heard = await screen.read()
      if (heard.kind === 'interrupt') return 'interrupted'
      if (heard.kind === 'end') return this.#leave()
      if ((await this.#obey(heard.text)) === 'leave') return this.#leave()
    }
  }

  /** What was piped in is stored by a server before we go; a person at the keyboard need not wait. */
  async #leave(): Promise<Exit> {
    const { client, clock, screen } = this.#options
    if (!screen.isInteractive) {
      const isDone = () => this.#queued() === 0 || client.connection.kind === 'stopped'
      await until(isDone, { client, clock, patienceMs })
    }
    const queued = this.#queued()
    if (queued === 0) return this.#exit
    this.#voice.notice(
      `${queued === 1 ? '1 message is' : `${queued} messages are`} kept and sent next time.`,
    )
    return screen.isInteractive ? this.#exit : 'unreachable'
  }

  #queued(): number {
    return this.#messages.ownStates.filter(isOnItsWay).length
  }

  async #obey(line: string): Promise<'stay' | 'leave'> {
    const { client, commands, files, screen } = this.#options
    const context: CommandContext = {
      client,
      commands,
      files,
      open: this.#open,
      nowMs: this.#now(),
    }
    if (line.startsWith('/') && screen.canUpdate) this.#voice.echo(line)
    try {
      const outcome = await runLine(line, context, async (question) => {
        const answer = await screen.ask(question)
        return answer.kind === 'line' ? answer.text : undefined
      })
      if (outcome.kind === 'exit') return 'leave'
      await this.#perform(outcome)
    } catch (error) {
      const { exit, message } = describeFailure(error)
      this.#failed(exit)
      this.#voice.answer([message])
    }
    this.#drawPrompt()
    return 'stay'
  }

  async #perform(outcome: Exclude<Outcome, { kind: 'exit' }>): Promise<void> {
    const { client, screen } = this.#options
    switch (outcome.kind) {
      case 'print':
        return this.#voice.answer(outcome.lines)
      case 'send': {
        const message = await client.send(outcome.to, { text: outcome.text })
        this.#unread.delete(outcome.to)
        this.#messages.print(message)
        return this.#explain(message.id)
      }
      case 'sent':
        this.#unread.delete(outcome.to)
        this.#messages.print(outcome.message)
        this.#voice.answer([outcome.note])
        return this.#explain(outcome.message.id)
      case 'picture':
        return this.#pictures.show(outcome.message)
      case 'open':
        this.#open = { to: outcome.name, title: outcome.title }
        this.#unread.delete(outcome.name)
        return this.#voice.answer([`What you type now goes to ${outcome.title}.`])
      case 'show-history':
        return this.#showHistory(outcome)
      case 'clear':
        return screen.clear()
      case 'help':
        return this.#voice.answer(outcome.lines)
      case 'safety-number':
        this.#voice.answer(safetyNumberAnswer(outcome))
        return this.#showCode(outcome.qr)
      case 'retry': {
        const id = this.#retries.find(outcome.number)
        const message = await client.sendAgain(id)
        this.#retries.drop(id)
        this.#messages.print(message)
        return this.#explain(message.id)
      }
      case 'mute':
        return this.#voice.answer(['Nothing rings here. Only the full screen has a bell.'])
    }
  }

  /** For a camera; a reader of lines would only hear blocks. */
  async #showCode(qr: Uint8Array): Promise<void> {
    const { screen, look } = this.#options
    if (!screen.canUpdate || look.marks.isAscii) return
    const { qrRows } = await import('../text/qr-rows.ts')
    const rows = qrRows(qr, look.paint)
    if ((rows[0]?.width ?? 0) + 3 > (screen.columns ?? 0)) return
    screen.print({ lines: rows.map(({ text }) => `  ${text}`) })
  }

  async #showHistory(wanted: Extract<Outcome, { kind: 'show-history' }>): Promise<void> {
    const { client, screen } = this.#options
    const messages = await client.history(wanted.name, { limit: wanted.count })
    if (messages.length === 0)
      return this.#voice.answer([`Nothing was said with ${wanted.title} yet.`])
    for (const message of messages) {
      screen.print({ lines: this.#messages.lines(message) })
    }
  }

  #cameFurther({ id, state }: ChatEvents['delivery']): void {
    this.#messages.change(id, state)
    this.#explain(id)
    this.#drawPrompt()
  }

  /** Says what became of a message, if a person or a script has to do something about it. */
  #explain(id: string): void {
    const own = this.#messages.own(id)
    if (own === undefined || !(own.state.kind in exits)) return
    this.#voice.notice(explainState(own.state, own.title))
    const number = this.#retries.note(id, own.state)
    if (number !== undefined) this.#voice.notice(`To send it again: /retry ${number}`)
    this.#failed(exits[own.state.kind] ?? 'failed')
  }

  /** A script that pipes commands in learns of the first one that failed. */
  #failed(exit: Exit): void {
    if (!this.#options.screen.isInteractive && this.#exit === 'ok') this.#exit = exit
  }

  #arrived(message: Message): void {
    if (isSaid(message) && message.isMissingBefore) {
      this.#voice.notice(`A message of ${message.from} before this one never came here.`)
    }
    this.#messages.print(message)
    if (isSaid(message) && !message.isMine) this.#noteUnread(placeOf(message))
    this.#drawPrompt()
  }

  #noteUnread(place: string): void {
    if (place === this.#open?.to) return
    if (this.#open === undefined && this.#unread.size === 0 && this.#options.screen.isInteractive) {
      this.#voice.answer([`To answer: /open ${asWord(this.#titles.of(place))}`])
    }
    this.#unread.set(place, (this.#unread.get(place) ?? 0) + 1)
  }

  #connectionChanged(): void {
    const { client, look } = this.#options
    const { heard, notice } = connectionNews(this.#heard, client.connection, look.marks)
    this.#heard = heard
    if (notice !== undefined) this.#voice.notice(notice)
    this.#drawPrompt()
  }

  #tick(): void {
    if (!this.#messages.ownStates.some(({ kind }) => kind === 'stored')) return
    this.#messages.tick()
    this.#drawPrompt()
  }

  #drawPrompt(): void {
    const states = this.#messages.ownStates
    const waiting = states.filter((state) => state.kind === 'stored')
    const status = {
      open: this.#open?.title,
      isConnected: this.#heard.kind === 'connected' || this.#heard.kind === 'nothing',
      queued: this.#queued(),
      // Where lines never change a countdown would stand still.
      waiting: this.#options.screen.canUpdate ? waiting.at(-1) : undefined,
      waitingCount: waiting.length,
      unread: new Map([...this.#unread].map(([place, count]) => [this.#titles.of(place), count])),
    }
    this.#options.screen.setPrompt(
      promptText(status, this.#look(), this.#options.client.serverNowMs),
    )
  }

  #look(): Look {
    return { ...this.#options.look, columns: this.#options.screen.columns }
  }

  #now(): number {
    return this.#options.clock.now()
  }
}
