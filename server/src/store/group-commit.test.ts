import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupCommit } from './group-commit.ts'

/** A store whose commits the test ends itself. */
function controlled(
  options: Partial<Omit<Parameters<typeof groupCommit<number, string>>[0], 'run'>> = {},
) {
  const batches: { items: readonly number[]; commit: () => void; fail: (error: Error) => void }[] =
    []
  let begun = () => {}
  const run = (items: readonly number[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      batches.push({
        items,
        commit: () => resolve(items.map((item) => `done ${item}`)),
        fail: reject,
      })
      begun()
    })
  const commit = groupCommit<number, string>({ run, maxItems: 100, concurrency: 1, ...options })
  const untilBatch = (count: number) =>
    new Promise<void>((resolve) => {
      begun = () => {
        if (batches.length >= count) resolve()
      }
      begun()
    })
  return { batches, commit, untilBatch }
}

test('what arrives in one turn shares a commit, and each gets its own answer', async () => {
  const { batches, commit, untilBatch } = controlled()

  const answers = Promise.all([commit(1), commit(2), commit(3)])
  await untilBatch(1)
  batches[0]?.commit()

  assert.deepEqual(
    batches.map(({ items }) => items),
    [[1, 2, 3]],
  )
  assert.deepEqual(await answers, ['done 1', 'done 2', 'done 3'])
})

test('what arrives while a commit is under way waits for it, and then goes together', async () => {
  const { batches, commit, untilBatch } = controlled()
  const first = commit(1)
  await untilBatch(1)

  const others = [commit(2), commit(3)]
  assert.equal(batches.length, 1)
  batches[0]?.commit()
  await first
  await untilBatch(2)
  batches[1]?.commit()

  assert.deepEqual(batches[1]?.items, [2, 3])
  assert.deepEqual(await Promise.all(others), ['done 2', 'done 3'])
})

test('a batch holds no more than it may', async () => {
  const { batches, commit, untilBatch } = controlled({ maxItems: 2, concurrency: 2 })

  const answers = Promise.all([1, 2, 3, 4].map((item) => commit(item)))
  await untilBatch(2)
  for (const batch of batches) batch.commit()
  await answers

  assert.deepEqual(
    batches.map(({ items }) => items),
    [
      [1, 2],
      [3, 4],
    ],
  )
})

test('a batch weighs no more than it may, and what is too heavy goes alone', async () => {
  const weight = { of: (item: number) => item, max: 5 }
  const { batches, commit, untilBatch } = controlled({ weight, concurrency: 10 })

  const answers = Promise.all([2, 3, 1, 9, 4, 1].map((item) => commit(item)))
  await untilBatch(4)
  for (const batch of batches) batch.commit()
  await answers

  assert.deepEqual(
    batches.map(({ items }) => items),
    [[2, 3], [1], [9], [4, 1]],
  )
})

test('a commit that fails fails for its own items only', async () => {
  const { batches, commit, untilBatch } = controlled()
  const first = commit(1)
  await untilBatch(1)
  const second = commit(2)

  batches[0]?.fail(new Error('no disk'))
  await assert.rejects(first, /no disk/)
  await untilBatch(2)
  batches[1]?.commit()

  assert.equal(await second, 'done 2')
})

test('what may linger is gathered over several turns', async () => {
  const { batches, commit, untilBatch } = controlled({ lingerMs: 5 })

  const first = commit(1)
  await new Promise(setImmediate)
  const second = commit(2)
  await untilBatch(1)
  batches[0]?.commit()

  assert.deepEqual(
    batches.map(({ items }) => items),
    [[1, 2]],
  )
  await Promise.all([first, second])
})

test('after a batch of several the next one gathers for twice as long as that one took, and no longer than it may', async (t) => {
  let nowMs = 0
  t.mock.method(performance, 'now', () => nowMs)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { batches, commit, untilBatch } = controlled({ restAtMostMs: 25, maxItems: 4 })
  const took = async (index: number, ms: number) => {
    await untilBatch(index + 1)
    nowMs += ms
    batches[index]?.commit()
    await new Promise(setImmediate)
  }

  const answers = [commit(1), commit(2)]
  await took(0, 8)
  answers.push(commit(3), commit(4))
  await new Promise(setImmediate)
  t.mock.timers.tick(15)
  assert.equal(batches.length, 1)
  t.mock.timers.tick(1)
  await took(1, 100)
  answers.push(commit(5), commit(6))
  t.mock.timers.tick(24)
  assert.equal(batches.length, 2)
  t.mock.timers.tick(1)
  await took(2, 100)
  // Somebody alone is not made to wait for others, who may never come.
  t.mock.timers.tick(25)
  answers.push(commit(7))
  await took(3, 100)
  answers.push(commit(8))
  await took(4, 1)

  await Promise.all(answers)
  assert.deepEqual(
    batches.map(({ items }) => items),
    [[1, 2], [3, 4], [5, 6], [7], [8]],
  )
})

test('a full batch that waits is not held back', async (t) => {
  let nowMs = 0
  t.mock.method(performance, 'now', () => nowMs)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { batches, commit, untilBatch } = controlled({ restAtMostMs: 25, maxItems: 2 })

  const answers = Promise.all([1, 2, 3, 4].map((item) => commit(item)))
  await untilBatch(1)
  nowMs += 100
  batches[0]?.commit()
  await untilBatch(2)
  batches[1]?.commit()

  assert.deepEqual(await answers, ['done 1', 'done 2', 'done 3', 'done 4'])
})
