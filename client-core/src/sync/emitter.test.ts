import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Emitter } from './emitter.ts'

interface Events {
  readonly missed: number
  readonly tick: number
}

test('what happens before anybody listens is told to the first who does, and to nobody twice', async () => {
  const events = new Emitter<Events>({ kept: ['missed'] })
  const first: number[] = []
  const second: number[] = []
  events.emit('missed', 1)
  events.emit('tick', 1)

  events.on('missed', (count) => first.push(count))
  events.on('missed', (count) => second.push(count))
  events.on('tick', (count) => second.push(count))
  await Promise.resolve()
  events.emit('missed', 2)

  assert.deepEqual(first, [1, 2])
  assert.deepEqual(second, [2])
})

test('who stops listening hears nothing more', () => {
  const events = new Emitter<Events>()
  const heard: number[] = []
  const stop = events.on('tick', (count) => heard.push(count))
  events.emit('tick', 1)
  stop()
  events.emit('tick', 2)

  assert.deepEqual(heard, [1])
})
