import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { render } from 'ink-testing-library'
import { createElement } from 'react'
import { commands } from '../../commands/table.ts'
import { messageOf } from '../../testing/fake-client.ts'
import { displayWidth } from '../../text/display-width.ts'
import { asciiMarks, unicodeMarks } from '../../text/marks.ts'
import { editorWith, emptyEditor } from '../input/editor.ts'
import { directConversation } from '../model/conversation.ts'
import { ensureConversation, opened } from '../model/conversations.ts'
import { arrived } from '../model/messages.ts'
import { noticed } from '../model/notices.ts'
import type { Overlay } from '../model/overlay.ts'
import { firstState, type ScreenState } from '../model/state.ts'
import { piecesOf } from '../rows/cells.ts'
import { RowCache } from '../rows/timeline-rows.ts'
import { Screen } from './screen.ts'

const now = new Date(2026, 10, 22, 18, 0).getTime()
const digits = Array.from({ length: 12 }, (_, index) => String(10_000 + index)).join(' ')

const overlays: readonly (Overlay | undefined)[] = [
  undefined,
  { kind: 'help', skippedRows: 3 },
  { kind: 'switcher', editor: emptyEditor, chosen: 1 },
  { kind: 'safety-number', name: 'bob', digits, qr: new Uint8Array(84) },
]

function busyState(text: string): ScreenState {
  let state = opened(firstState('alice'), directConversation('bob'))
  for (let number = 0; number < 30; number++) {
    state = ensureConversation(state, directConversation(`person-${number}`))
    state = arrived(state, messageOf({ id: `${number}`, position: `${number}`, text }))
  }
  state = noticed(state, { atMs: now, text })
  return { ...state, heard: { kind: 'connected', serverId: '3' }, pingMs: 4 }
}

function rowsOf(state: ScreenState, size: { columns: number; rows: number }, isAscii = false) {
  const { lastFrame, unmount } = render(
    createElement(Screen, {
      state,
      ...size,
      look: { marks: isAscii ? asciiMarks : unicodeMarks, paint: (_tone, text) => text },
      profile: 'alice',
      commands,
      cache: new RowCache(),
      nowMs: now,
      deviceNowMs: now,
    }),
  )
  const rows = (lastFrame() ?? '').split('\n')
  unmount()
  return rows.map((row) =>
    piecesOf(row)
      .map(({ kind, text }) => (kind === 'cursor' ? ' ' : text))
      .join(''),
  )
}

test('the window is full and never too full, whatever its size and what is open', () => {
  const busy = busyState('wörter 日本語 👍🏽 and more words that have to be broken somewhere')
  fc.assert(
    fc.property(
      fc.record({
        columns: fc.integer({ min: 12, max: 100 }),
        rows: fc.integer({ min: 4, max: 45 }),
        overlay: fc.constantFrom(...overlays),
        typed: fc.constantFrom('', '/', 'x'.repeat(300), 'a\nb\nc\nd'),
      }),
      ({ columns, rows, overlay, typed }) => {
        const state = { ...busy, overlay, editor: editorWith(typed) }
        const shown = rowsOf(state, { columns, rows })

        assert.equal(shown.length, rows)
        for (const row of shown) {
          assert.ok(displayWidth(row) <= columns, `${displayWidth(row)} of ${columns}: ${row}`)
        }
      },
    ),
    { numRuns: 30 },
  )
})

test('with --ascii everything of ours is ASCII', () => {
  for (const overlay of overlays) {
    const shown = rowsOf({ ...busyState('hello'), overlay }, { columns: 100, rows: 40 }, true)

    for (const row of shown) assert.match(row, /^[ -~]*$/)
  }
})
