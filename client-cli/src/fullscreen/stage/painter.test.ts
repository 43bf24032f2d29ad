import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VtScreen } from '../../testing/vt-screen.ts'
import { at, cursorHere } from '../rows/cells.ts'
import { Painter } from './painter.ts'

function terminal() {
  const screen = new VtScreen({ columns: 20, rows: 4 })
  const painter = new Painter()
  screen.write('\u001b[?7l')
  const show = (...rows: readonly string[]) => {
    const bytes = painter.paint(rows)
    screen.write(bytes)
    return bytes
  }
  return { screen, painter, show }
}

test('only rows that changed are written', () => {
  const { screen, show } = terminal()
  show('one', 'two', 'three')

  const bytes = show('one', 'TWO', 'three')

  assert.equal(screen.text, 'one\nTWO\nthree')
  assert.doesNotMatch(bytes, /one|three/)
  assert.equal(show('one', 'TWO', 'three'), '')
})

test('what must stand in a column stands there, whatever the terminal made of the text before', () => {
  const { show } = terminal()

  const bytes = show(`👨‍👩‍👧${at(10)}✓`)

  assert.match(bytes, /👨‍👩‍👧\p{Cc}\[11G ✓/u)
})

test('the cursor stands where the text says, also when another row is written after it', () => {
  const { screen, show } = terminal()
  show('top', `> ab${cursorHere}c`, 'foot')
  assert.deepEqual(screen.cursor, { row: 1, column: 4 })

  show('TOP', `> ab${cursorHere}c`, 'FOOT')

  assert.deepEqual(screen.cursor, { row: 1, column: 4 })
  assert.equal(screen.text, 'TOP\n> abc\nFOOT')
})

test('rows of a taller frame go', () => {
  const { screen, show } = terminal()
  show('one', 'two', 'three')

  show('one')

  assert.equal(screen.text, 'one')
})

test('a row that is too long stays in its row', () => {
  const { screen, show } = terminal()

  show('x'.repeat(30), 'below')

  assert.equal(screen.text.split('\n')[1], 'below')
})

test('after something else was written all of it is drawn again', () => {
  const { screen, painter, show } = terminal()
  show('one', 'two')
  screen.write('\u001b[2J\u001b[Hsomething else')

  painter.forget()
  show('one', 'two')

  assert.equal(screen.text, 'one\ntwo')
})
