import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directConversation } from '../model/conversation.ts'
import { opened } from '../model/conversations.ts'
import { firstState, type ScreenState } from '../model/state.ts'
import type { Key } from './key.ts'
import { KeyReader } from './key-reader.ts'
import { type Effect, press } from './press.ts'

const esc = '\u001b'
const bob = directConversation('bob')
const carol = directConversation('carol')
const atBob = opened(opened(firstState('alice'), carol), bob)

/** What the keys make of the state, and what they want done. */
function typed(state: ScreenState, ...sent: readonly string[]) {
  let now = state
  const effects: Effect[] = []
  const tell = (keys: readonly Key[]) => {
    for (const key of keys) {
      const { state: next, effect } = press(now, key)
      now = next
      if (effect !== undefined) effects.push(effect)
    }
  }
  for (const piece of sent) {
    const reader = new KeyReader()
    tell(reader.read(piece))
    tell(reader.flush())
  }
  return { state: now, effects }
}

test('Enter gives the line away and remembers it', () => {
  const { state, effects } = typed(atBob, 'hello\r')

  assert.deepEqual(effects, [{ kind: 'line', text: 'hello' }])
  assert.equal(state.editor.text, '')
  assert.equal(typed(state, `${esc}[A`).state.editor.text, 'hello')
})

test('a line of spaces is nothing to send', () => {
  assert.deepEqual(typed(atBob, '   \r').effects, [])
})

test('Alt+Enter and Shift+Enter break the line', () => {
  const { state, effects } = typed(atBob, `one${esc}\rtwo${esc}[13;2uthree`)

  assert.deepEqual(effects, [])
  assert.equal(state.editor.text, 'one\ntwo\nthree')
})

test('a pasted line break sends nothing, and hidden signs do not pass', () => {
  const { state, effects } = typed(atBob, `${esc}[200~a\r\nb\u202e\u0003c\tD${esc}[201~`)

  assert.deepEqual(effects, [])
  assert.equal(state.editor.text, 'a\nb\u{fffd}c    D')
})

test('a paste of megabytes is refused with a ring', () => {
  const { state, effects } = typed(atBob, `${esc}[200~${'x'.repeat(10_000_000)}${esc}[201~`)

  assert.deepEqual(effects, [{ kind: 'ring' }])
  assert.equal(state.editor.text, '')
})

test('Ctrl+K cuts what is right of the cursor, and jumps where nothing is', () => {
  const cut = typed(atBob, 'one two', '\u0001', '\u000b').state
  assert.equal(cut.editor.text, '')
  assert.equal(typed(cut, '\u0019').state.editor.text, 'one two')

  assert.equal(typed(atBob, 'one', '\u000b').state.overlay?.kind, 'switcher')
})

test('Alt and a number opens the conversation at that place', () => {
  assert.deepEqual(typed(atBob, `${esc}1`).effects, [{ kind: 'open', conversation: carol }])
  assert.deepEqual(typed(atBob, `${esc}9`).effects, [])
})

test('Alt+A opens the next one with something unread', () => {
  const conversations = [carol, { ...bob, unread: 0 }, { ...directConversation('dave'), unread: 2 }]
  const { effects } = typed({ ...atBob, conversations }, `${esc}a`)

  assert.deepEqual(
    effects.map(({ kind }) => kind),
    ['open'],
  )
  assert.equal(effects[0]?.kind === 'open' && effects[0].conversation.title, 'dave')
  assert.deepEqual(typed(atBob, `${esc}a`).effects, [])
})

test('each conversation keeps its draft and its history', () => {
  const draft = typed(atBob, 'sent\r', 'half a').state
  const away = opened(draft, carol)
  assert.equal(away.editor.text, '')
  assert.equal(typed(away, `${esc}[A`).state.editor.text, '')

  const back = opened(away, bob)
  assert.equal(back.editor.text, 'half a')
  assert.equal(typed(back, `${esc}[A`).state.editor.text, 'sent')
})

test('a question mark in an empty line opens help, elsewhere it is a question mark', () => {
  assert.equal(typed(atBob, '?').state.overlay?.kind, 'help')
  assert.equal(typed(atBob, `${esc}OP`).state.overlay?.kind, 'help')
  assert.equal(typed(atBob, 'really', '?').state.editor.text, 'really?')
})

test('whoever types has read enough help, and nothing typed is lost', () => {
  const { state } = typed(atBob, '?', 'hello')

  assert.equal(state.overlay, undefined)
  assert.equal(state.editor.text, 'hello')
})

test('Escape closes what is open, and only that', () => {
  const { state } = typed(atBob, 'text', `${esc}OP`, esc)

  assert.equal(state.overlay, undefined)
  assert.equal(state.editor.text, 'text')
})

test('Ctrl+D leaves from an empty line and deletes in any other; Ctrl+C always leaves', () => {
  assert.deepEqual(typed(atBob, '\u0004').effects, [{ kind: 'leave' }])
  const inText = typed(atBob, 'ab', '\u0001', '\u0004')
  assert.deepEqual(inText.effects, [])
  assert.equal(inText.state.editor.text, 'b')
  assert.deepEqual(typed(atBob, 'ab', '\u0003').effects, [{ kind: 'interrupt' }])
  assert.deepEqual(typed(atBob, '?', '\u0003').effects, [{ kind: 'interrupt' }])
})

test('an answer goes to whoever asked, and not to the history', () => {
  const asked = { ...atBob, question: 'Whom? ' }
  const { state, effects } = typed(asked, 'carol\r')

  assert.deepEqual(effects, [{ kind: 'answer', text: 'carol' }])
  assert.equal(state.question, undefined)
  assert.equal(typed(state, `${esc}[A`).state.editor.text, '')
  assert.deepEqual(typed(asked, 'car', esc).effects, [{ kind: 'answer', text: undefined }])
})

test('the switcher opens what was chosen, or begins with somebody new', () => {
  const jump = (text: string, ...more: readonly string[]) =>
    typed(atBob, '\u000b', text, ...more, '\r').effects

  assert.deepEqual(jump('car'), [{ kind: 'open', conversation: carol }])
  assert.deepEqual(jump('', `${esc}[B`), [{ kind: 'open', conversation: bob }])
  assert.deepEqual(jump('dave'), [{ kind: 'line', text: '/open dave' }])
  assert.deepEqual(jump('zz'), [])
})

test('a window that is not looked at sees nothing', () => {
  const away = typed(atBob, `${esc}[O`).state
  assert.equal(away.isAttended, false)
  assert.equal(typed(away, `${esc}[I`).state.isAttended, true)
  assert.equal(typed(away, 'x').state.isAttended, true)
})
