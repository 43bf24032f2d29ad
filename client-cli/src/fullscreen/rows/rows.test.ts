import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Look } from '../../chat/message-lines.ts'
import { messageOf } from '../../testing/fake-client.ts'
import { displayWidth } from '../../text/display-width.ts'
import { asciiMarks, unicodeMarks } from '../../text/marks.ts'
import { directConversation } from '../model/conversation.ts'
import { opened } from '../model/conversations.ts'
import { arrived, cameFurther, sent } from '../model/messages.ts'
import { noticed } from '../model/notices.ts'
import { firstState, openConversation, type ScreenState, timelineOf } from '../model/state.ts'
import { piecesOf } from './cells.ts'
import { composerRows } from './composer-rows.ts'
import { headerRow } from './header-row.ts'
import { RowCache, rowsAt } from './timeline-rows.ts'

const look: Omit<Look, 'columns'> = { marks: unicodeMarks, paint: (_tone, text) => text }
const now = new Date(2026, 10, 22, 18, 0).getTime()
const bob = directConversation('bob')
const atBob = opened(firstState('alice'), bob)

/** As it is seen: what stands in a column is put there. */
function seen(row: string): string {
  let shown = ''
  for (const { kind, text, column } of piecesOf(row)) {
    if (kind === 'column') shown = shown.padEnd(column - displayWidth(shown) + shown.length)
    shown += text
  }
  return shown
}

function timelineRows(state: ScreenState, width: number, marks = unicodeMarks): readonly string[] {
  const timeline = timelineOf(state)
  const rowLook = { ...look, marks, nowMs: now, area: { left: 0, width } }
  const cache = new RowCache()
  return timeline.entries.flatMap((_entry, index) =>
    rowsAt(timeline, index, { look: rowLook, cache }).map(seen),
  )
}

function withOwn(state: Parameters<typeof cameFurther>[1]['state'], text = 'yes'): ScreenState {
  const message = messageOf({ id: 'm', isMine: true, text, state: { kind: 'sending' } })
  return cameFurther(sent(atBob, message), { id: 'm', state, position: '1' })
}

test('a message shows when, who and what, under the day', () => {
  const state = arrived(atBob, messageOf({ text: 'are we still on?' }))

  assert.deepEqual(timelineRows(state, 40), [
    '──────────────── Today ────────────────',
    '18:00  bob         are we still on?',
  ])
})

test('each state of an own message is a mark and a word, and what can be done', () => {
  const expiresAtMs = now + 72_000
  const last = (state: Parameters<typeof withOwn>[0], width = 80) =>
    timelineRows(withOwn(state), width).at(-1)?.slice(19).trim()

  assert.equal(
    last({ kind: 'stored', expiresAtMs, delivered: 0, of: 1 }),
    `yes${' '.repeat(42)}✓ stored 1:12 ◑`,
  )
  assert.match(
    last({ kind: 'stored', expiresAtMs, delivered: 1, of: 3 }) ?? '',
    /✓ stored 1\/3 1:12 ◑$/,
  )
  assert.match(last({ kind: 'delivered' }) ?? '', /✓✓ delivered$/)
  assert.match(last({ kind: 'partly-delivered', delivered: 1, of: 3 }) ?? '', /✓✓ delivered 1\/3$/)
  assert.match(last({ kind: 'expired' }) ?? '', /✗ expired \/retry 1$/)
  assert.match(last({ kind: 'failed', reason: 'MAILBOX_FULL' }) ?? '', /! failed \/retry 1$/)
  assert.match(last({ kind: 'held', reason: 'KEY_CHANGED' }) ?? '', /! not sent$/)
})

test('where it is narrow the marks stay and the words go', () => {
  const expiresAtMs = now + 72_000
  const last = (state: Parameters<typeof withOwn>[0]) => timelineRows(withOwn(state), 60).at(-1)

  assert.match(last({ kind: 'stored', expiresAtMs, delivered: 1, of: 3 }) ?? '', / ✓ 1\/3 1:12 ◑$/)
  assert.match(last({ kind: 'delivered' }) ?? '', / ✓✓$/)
  assert.match(last({ kind: 'expired' }) ?? '', / ✗ \/retry 1$/)
})

test('where it is narrower still the state stands beside the text if it fits, else below', () => {
  const short = timelineRows(withOwn({ kind: 'delivered' }), 40)
  const long = timelineRows(withOwn({ kind: 'delivered' }, 'nineteen letters ok'), 40)

  assert.match(short.at(-1) ?? '', /^18:00 {2}alice {7}yes +✓✓$/)
  assert.equal(long.at(-2), '18:00  alice       nineteen letters ok')
  assert.match(long.at(-1) ?? '', /^ +✓✓$/)
})

test('a name that does not fit is shown whole, in a row of its own', () => {
  const state = arrived(atBob, messageOf({ peer: 'bob', from: 'bob-who-has-a-long-name' }))

  assert.deepEqual(timelineRows(state, 60).slice(-2), [
    '18:00  bob-who-has-a-long-name',
    `${' '.repeat(19)}hello`,
  ])
})

test('no text of a message stands where names and notices stand', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.integer({ min: 30, max: 130 }),
      (text, width) => {
        const rows = timelineRows(arrived(atBob, messageOf({ text })), width)
        const [, first, ...rest] = rows

        assert.match(first ?? '', /^18:00 {2}bob {9}/)
        for (const row of rest) assert.match(row, /^( {19}|$)/)
      },
    ),
  )
})

test('no row is wider than the window, whatever was written', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.integer({ min: 30, max: 130 }),
      (text, width) => {
        const expiresAtMs = now + 72_000
        const own = withOwn({ kind: 'stored', expiresAtMs, delivered: 0, of: 1 }, text)
        const state = noticed(arrived(own, messageOf({ id: 'x', text })), { atMs: now, text })

        for (const row of timelineRows(state, width)) {
          assert.ok(displayWidth(row) <= width, `${displayWidth(row)} of ${width}: ${row}`)
        }
      },
    ),
  )
})

test('a day is said once, as people say it', () => {
  const at = (days: number, id: string) =>
    messageOf({ id, position: id, sentAtMs: now - days * 86_400_000, text: id })
  let state = atBob
  for (const message of [at(40, '1'), at(1, '2'), at(1, '3'), at(0, '4')]) {
    state = arrived(state, message)
  }

  const days = timelineRows(state, 40).filter((row) => row.includes('─'))

  assert.deepEqual(
    days.map((row) => row.replaceAll('─', '').trim()),
    ['Tue, 13 Oct 2026', 'Yesterday', 'Today'],
  )
})

test('with --ascii no sign of ours is outside of ASCII', () => {
  const state = noticed(withOwn({ kind: 'expired' }), { atMs: now, text: 'Something happened.' })
  const rows = timelineRows(state, 80, asciiMarks)
  const header = headerRow(
    { ...state, heard: { kind: 'connected', serverId: '3' } },
    {
      ...look,
      marks: asciiMarks,
      columns: 100,
      nowMs: now,
      profile: 'alice',
    },
  )

  for (const row of [...rows, seen(header)]) assert.match(row, /^[ -~]*$/)
})

test('the header says what waits, and drops what matters least where it is narrow', () => {
  const stored = { kind: 'stored', expiresAtMs: now + 72_000, delivered: 0, of: 1 } as const
  const state: ScreenState = {
    ...withOwn(stored),
    heard: { kind: 'connected', serverId: '3' },
    pingMs: 4.2,
  }
  const header = (columns: number) =>
    seen(headerRow(state, { ...look, columns, nowMs: now, profile: 'work' })).trimEnd()

  assert.match(
    header(120),
    /^ fastchat {2}@alice \(work\) {2}srv-3 {2}4\.2 ms {2}● connected {2,}1 waiting, next expires 1:12$/,
  )
  assert.match(
    header(80),
    /^ @alice \(work\) {2}srv-3 {2}4\.2 ms {2}● connected {2,}1 waiting, next expires 1:12$/,
  )
  assert.match(header(50), /^ @alice {2}srv-3 {2}● connected {2,}1 waiting 1:12$/)
  for (const columns of [24, 40, 50, 80, 120]) assert.ok(displayWidth(header(columns)) < columns)
})

test('a long text is shown around the cursor, and no row is too wide', () => {
  const text = 'word '.repeat(200)
  const state = { ...atBob, editor: { text, cursor: 500, cut: '' } }

  const rows = composerRows(state, { ...look, columns: 40, mostRows: 4 })

  assert.equal(rows.length, 4)
  assert.equal(rows.filter((row) => piecesOf(row).some(({ kind }) => kind === 'cursor')).length, 1)
  for (const row of rows) assert.ok(displayWidth(seen(row)) < 40)
  assert.equal(openConversation(state)?.title, 'bob')
})
