import { once } from 'node:events'
import { openAccount } from '../account/open-account.ts'
import { untilConnected } from '../account/open-connected.ts'
import { connectionNews, type Heard, stopNotice } from '../chat/connection-notice.ts'
import { groupAlarmText } from '../chat/group-alarm-text.ts'
import { messageLines } from '../chat/message-lines.ts'
import { isSaid, shownMessage } from '../chat/message-view.ts'
import { Titles } from '../chat/titles.ts'
import type { ChatClient, ChatEvents, FileMessage, Message } from '../client.ts'
import type { Exit } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { GlobalOptions, ListenOptions } from '../program.ts'
import { type Settings, settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'
import { ComingFiles } from './coming-files.ts'

type GroupAlarm = ChatEvents['group-alarm']

/** `fastchat listen`: what arrives, a line each, until enough arrived or somebody stops it. */
export async function listen(
  terminal: Terminal,
  options: GlobalOptions & ListenOptions,
): Promise<Exit> {
  const settings = settingsFrom(options, terminal)
  await using open = await openAccount(terminal, settings)
  const { client } = open
  const titles = new Titles()
  await titles.load(client)
  client.on('group', (group) => titles.learn(group))
  const printer = new EventPrinter(terminal, settings, titles)
  const most = options.count ?? Number.POSITIVE_INFINITY
  let heard: Heard = { kind: 'nothing' }
  client.on('connection', (state) => {
    const news = connectionNews(heard, state, settings.marks)
    heard = news.heard
    if (news.notice !== undefined) printer.connection(heard, news.notice)
  })
  client.on('missed', ({ count }) => printer.missed(count))
  client.on('key-changed', ({ username }) => printer.keyChanged(username))
  client.on('group-alarm', (alarm) => printer.groupAlarm(alarm))
  const files = new ComingFiles()
  client.on('file', (message) => {
    if (files.changed(message)) printer.file(message)
  })
  const done = enough(client, terminal, (message, count) => {
    printer.message(message)
    if (message.kind === 'file') files.expect(message)
    return count >= most
  })
  try {
    await Promise.all([untilConnected(client, terminal.interrupted), done])
    // The servers forget them soon: who listens for one message shall have its file as well.
    await files.allEnded(terminal.interrupted)
    return 'ok'
  } finally {
    await printer.flushed()
  }
}

/**
 * Resolves once `take` says that was enough; rejects when stopped or signed out. It goes on taking
 * until the client is closed: what is acknowledged with the last one must be printed with it.
 */
function enough(
  client: ChatClient,
  { interrupted }: Terminal,
  take: (message: Message, count: number) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let count = 0
    client.on('message', (message) => {
      count += 1
      if (take(message, count)) resolve()
    })
    client.on('connection', (state) => {
      if (state.kind !== 'stopped') return
      const exit = state.reason === 'session-ended' ? 'not-signed-in' : 'failed'
      reject(new Failure(exit, stopNotice[state.reason]))
    })
    const onInterrupt = () => reject(new Failure('interrupted', ''))
    if (interrupted.aborted) onInterrupt()
    else interrupted.addEventListener('abort', onInterrupt)
  })
}

/** Each event is one value of the schema that docs/cli.md describes; unknown types must be skipped. */
class EventPrinter {
  readonly #terminal: Terminal
  readonly #settings: Settings
  readonly #titles: Titles

  constructor(terminal: Terminal, settings: Settings, titles: Titles) {
    this.#terminal = terminal
    this.#settings = settings
    this.#titles = titles
  }

  message(message: Message): void {
    const { isJson, marks, paint } = this.#settings
    const { output, clock } = this.#terminal
    if (isJson) {
      this.#json(messageJson(message, this.#titles))
      return
    }
    const columns = output.isTTY === true ? output.columns : undefined
    const shown = shownMessage(message, undefined, this.#titles.ofMessage(message))
    output.write(`${messageLines(shown, { columns, marks, paint }, clock.now()).join('\n')}\n`)
  }

  connection(heard: Heard, notice: string): void {
    const server =
      'serverId' in heard && heard.serverId !== undefined ? { server: heard.serverId } : {}
    if (this.#settings.isJson) this.#json({ type: 'connection', state: heard.kind, ...server })
    else this.#say(notice)
  }

  missed(count: number): void {
    if (this.#settings.isJson) this.#json({ type: 'missed', count })
    else this.#say(`${count} not fetched in time, deleted.`)
  }

  keyChanged(username: string): void {
    if (this.#settings.isJson) this.#json({ type: 'key-changed', username })
    else this.#say(`The key of ${username} changed. In the chat: /trust ${username}`)
  }

  file({ id, from, file: { name, state } }: FileMessage): void {
    if (this.#settings.isJson) this.#json({ type: 'file', id, from, state })
    else this.#say(`${name} of ${from}: ${state}`)
  }

  groupAlarm({ groupId, reason }: GroupAlarm): void {
    const group = this.#titles.of(`group:${groupId}`)
    if (this.#settings.isJson) this.#json({ type: 'group-alarm', group, groupId, reason })
    else this.#say(groupAlarmText(group, reason))
  }

  /** Everything is out before the program ends, however slow the reader. */
  async flushed(): Promise<void> {
    if (this.#terminal.output.writableNeedDrain) await once(this.#terminal.output, 'drain')
  }

  #json(value: unknown): void {
    this.#terminal.output.write(`${safeJson(value)}\n`)
  }

  #say(line: string): void {
    this.#terminal.talk.write(`${safeLine(line)}\n`)
  }
}

function messageJson(message: Message, titles: Titles) {
  const { id, kind, sentAtMs } = message
  const at = new Date(sentAtMs).toISOString()
  if (kind === 'group-change') {
    const { action, by, isMine, subjects } = message
    const group = titles.ofMessage(message)
    return { type: kind, at, group, action, by, isMine, subjects }
  }
  const facts = { type: 'message', kind, id, at }
  if (!isSaid(message)) return facts
  const { from, peer, isMine } = message
  const where = peer === undefined ? { group: titles.ofMessage(message) } : { with: peer }
  return { ...facts, from, ...where, isMine, ...contentOf(message) }
}

function contentOf(message: Message) {
  if (message.kind === 'text') return { text: message.text }
  if (message.kind !== 'file') return {}
  const { id: _id, state: _state, ...file } = message.file
  return { file }
}
