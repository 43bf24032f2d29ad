import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitInFlight } from './in-flight.ts'

test('no more than the limit run at once, all run, and in their order', async () => {
  const limited = limitInFlight(2)
  const order: number[] = []
  let running = 0
  let most = 0

  const work = (number: number) => async () => {
    running += 1
    most = Math.max(most, running)
    order.push(number)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    return number
  }
  const numbers = [1, 2, 3, 4, 5]
  const results = await Promise.all(numbers.map((number) => limited(work(number))))

  assert.deepEqual(results, numbers)
  assert.deepEqual(order, numbers)
  assert.equal(most, 2)
})

test('a failure gives its place free', async () => {
  const limited = limitInFlight(1)

  await assert.rejects(limited(async () => Promise.reject(new Error('no'))))

  assert.equal(await limited(async () => 'next'), 'next')
})
