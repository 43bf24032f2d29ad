import { createElement } from 'react'
import type { EarlyEvent } from '../chat/early-events.ts'
import type { ChatClient } from '../client.ts'
import type { Command } from '../commands/command.ts'
import { complete } from '../commands/complete.ts'
import type { Exit } from '../exit-codes.ts'
import { fileDesk } from '../images/file-desk.ts'
import { type ImageProtocol, imageProtocol } from '../images/image-protocol.ts'
import type { PictureRoom } from '../images/picture-lines.ts'
import type { Settings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { layoutFor, Screen, type ScreenProps } from './components/screen.ts'
import { FramePacer } from './frame-pacer.ts'
import { inBackground } from './in-background.ts'
import type { Key } from './input/key.ts'
import { type Effect, press } from './input/press.ts'
import { listenToKeys } from './keyboard.ts'
import { answered } from './model/notices.ts'
import { firstState, openConversation, timelineOf, unreadCount } from './model/state.ts'
import { suggest } from './model/suggestions.ts'
import { waitingOf } from './model/waiting.ts'
import { News } from './news.ts'
import { Performer } from './performer.ts'
import { Reader } from './reader.ts'
import { helpRows } from './rows/help-rows.ts'
import { RowCache, rowsAt } from './rows/timeline-rows.ts'
import { ScreenStore } from './screen-store.ts'
import { type InSight, Scroller } from './scroller.ts'
import { type InkFrames, inkFrames } from './stage/ink-frames.ts'
import { Stage } from './stage/stage.ts'

const lookAgainMs = 30_000

export interface FullScreenOptions {
  readonly client: ChatClient
  readonly terminal: Terminal
  readonly commands: readonly Command[]
  readonly settings: Settings
}

type EffectTable = {
  readonly [Kind in Effect['kind']]: (effect: Extract<Effect, { readonly kind: Kind }>) => unknown
}

/** The chat as a window of its own, until the person leaves. */
export class FullScreen {
  readonly #options: FullScreenOptions
  readonly #stage: Stage
  readonly #frames: InkFrames
  readonly #store: ScreenStore
  readonly #pacer: FramePacer
  readonly #cache = new RowCache()
  readonly #reader: Reader
  readonly #news: News
  readonly #performer: Performer
  readonly #scroller: Scroller
  readonly #ended = Promise.withResolvers<Exit>()
  readonly #effects: EffectTable = {
    line: ({ text }) => this.#performer.obey(text),
    answer: ({ text }) => this.#performer.answer(text),
    complete: () => this.#complete(),
    open: ({ conversation }) => this.#reader.open(conversation),
    scroll: ({ pages }) => this.#scroller.byPages(pages),
    'scroll-to': ({ where }) => this.#scroller.to(where),
    redraw: () => this.#redraw(),
    'go-behind': () => this.#goBehind(),
    ring: () => this.#stage.ring(),
    'extended-keys': () => this.#stage.takeExtendedKeys(),
    leave: () => this.#ended.resolve('ok'),
    interrupt: () => this.#ended.resolve('interrupted'),
  }

  constructor(options: FullScreenOptions) {
    const { client, terminal, commands, settings } = options
    const now = () => terminal.clock.now()
    this.#options = options
    this.#stage = new Stage(terminal)
    this.#frames = inkFrames(this.#stage, (rows) => this.#stage.show(rows))
    this.#pacer = new FramePacer(
      () => {
        this.#stage.setTitle(this.#title())
        this.#frames.show(createElement(Screen, this.#props()))
      },
      () => this.#stage.isReady,
    )
    const store = new ScreenStore(firstState(client.username ?? ''), () => this.#pacer.request())
    this.#store = store
    this.#reader = new Reader(client, store, () => this.#scroller.toNew())
    this.#scroller = new Scroller(store, this.#reader, () => this.#messagesInSight())
    this.#news = new News({
      client,
      store,
      reader: this.#reader,
      marks: settings.marks,
      now,
      ring: () => this.#stage.ring(),
    })
    this.#performer = new Performer({
      client,
      commands,
      files: fileDesk({ client, env: terminal.env, protocol: this.#protocol() }),
      pictureRoom: () => this.#pictureRoom(),
      store,
      reader: this.#reader,
      now,
      onLeave: () => this.#ended.resolve('ok'),
    })
    this.#frames.failed.catch((error: unknown) => this.#ended.reject(error))
  }

  /** `early` is what the client told before there was a screen to tell it. */
  async run(early: readonly EarlyEvent[] = []): Promise<Exit> {
    const { terminal } = this.#options
    const stops = this.#start(early)
    try {
      return await this.#ended.promise
    } finally {
      for (const stop of stops) stop()
      this.#pacer.stop()
      this.#frames.close()
      this.#stage.close()
      const { queued } = waitingOf(this.#store.state)
      if (queued > 0) {
        const are = queued === 1 ? '1 message is' : `${queued} messages are`
        terminal.output.write(`${are} kept and sent next time.\n`)
      }
    }
  }

  #start(early: readonly EarlyEvent[]): readonly (() => void)[] {
    const { terminal } = this.#options
    const { clock, output, interrupted, input } = terminal
    const onResize = () => this.#redraw()
    const onInterrupt = () => this.#ended.resolve('interrupted')
    output.on('resize', onResize)
    interrupted.addEventListener('abort', onInterrupt)
    if (interrupted.aborted) onInterrupt()
    const stops = [
      () => output.off('resize', onResize),
      () => interrupted.removeEventListener('abort', onInterrupt),
      listenToKeys(input, {
        onKey: (key) => this.#press(key),
        onEnd: () => this.#ended.resolve('ok'),
      }),
      this.#news.listen(early),
      clock.every(1000, () => {
        if (waitingOf(this.#store.state).count > 0) this.#pacer.request()
      }),
      clock.every(lookAgainMs, () => this.#lookAgain()),
    ]
    this.#news.connectionChanged()
    this.#pacer.request()
    inBackground(
      this.#store,
      this.#reader.start().then(() => this.#welcome()),
    )
    return stops
  }

  #welcome(): void {
    if (this.#store.state.conversations.length > 0) return
    this.#store.set((state) =>
      answered(state, [
        `You are ${state.me}. Nobody but you and the people you write to can read what is said.`,
        '',
        'No chats yet. /open <name> begins one; press ? for everything else.',
      ]),
    )
  }

  #press(key: Key): void {
    const { state, effect } = press(this.#store.state, key)
    this.#store.set(() => state)
    if (effect !== undefined) this.#act(effect)
    this.#keepHelpInSight()
  }

  #act(effect: Effect): void {
    const act = this.#effects[effect.kind] as (effect: Effect) => unknown
    inBackground(this.#store, act(effect))
  }

  async #complete(): Promise<void> {
    const { client, commands } = this.#options
    const { editor } = this.#store.state
    const line = editor.text.slice(0, editor.cursor)
    const found = await complete(line, commands, client).catch(() => undefined)
    // Typed on in the meantime: then this is the answer to another question.
    if (found === undefined || this.#store.state.editor !== editor) return
    this.#store.set((state) => ({ ...state, ...suggest(editor, found) }))
  }

  /** The part of the window that messages have, one row less for the line that says where one is. */
  #messagesInSight(): InSight {
    const props = this.#props()
    const { messages } = layoutFor(props)
    const look = { ...props.look, area: messages, nowMs: props.nowMs }
    const rowsOf = (index: number) =>
      rowsAt(timelineOf(this.#store.state), index, { look, cache: this.#cache })
    return { height: Math.max(1, messages.height - 1), rowsAt: rowsOf }
  }

  async #goBehind(): Promise<void> {
    this.#stage.leave()
    await this.#options.terminal.goBehind()
    this.#stage.enter()
    this.#pacer.request()
  }

  #redraw(): void {
    this.#stage.redraw()
    this.#pacer.request()
  }

  #keepHelpInSight(): void {
    const { overlay } = this.#store.state
    if (overlay?.kind !== 'help' || overlay.skippedRows === 0) return
    const props = this.#props()
    const { width, height } = layoutFor(props).main
    const most = Math.max(0, helpRows(props.commands, { ...props.look, width }).length - height)
    if (overlay.skippedRows <= most) return
    this.#store.set((state) => ({ ...state, overlay: { ...overlay, skippedRows: most } }))
  }

  #lookAgain(): void {
    inBackground(this.#store, this.#reader.learnPing())
    const open = openConversation(this.#store.state)
    if (open !== undefined) inBackground(this.#store, this.#reader.learnPerson(open))
  }

  /** Cell by cell is how this window is drawn, so pictures are as well. */
  #protocol(): ImageProtocol {
    const { settings, terminal } = this.#options
    const canDraw = !settings.marks.isAscii && settings.hasColour
    const protocol = imageProtocol({ env: terminal.env, canDraw })
    return protocol === 'none' ? 'none' : 'blocks'
  }

  #pictureRoom(): PictureRoom {
    const overlay = { kind: 'picture', title: '', rows: [] } as const
    const props = this.#props()
    const { width, height } = layoutFor({ ...props, state: { ...props.state, overlay } }).main
    return { columns: Math.max(1, width - 2), rows: Math.max(1, height - 2) }
  }

  #title(): string {
    const unread = unreadCount(this.#store.state)
    return `${unread === 0 ? '' : `(${unread}) `}FastChat @${this.#store.state.me}`
  }

  #props(): ScreenProps {
    const { client, commands, settings, terminal } = this.#options
    const { marks, paint, paths } = settings
    return {
      state: this.#store.state,
      columns: this.#stage.columns,
      rows: this.#stage.rows,
      look: { marks, paint },
      profile: paths.profile,
      commands,
      cache: this.#cache,
      nowMs: client.serverNowMs,
      deviceNowMs: terminal.clock.now(),
    }
  }
}
