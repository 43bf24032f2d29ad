import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDemoOptions } from './options.ts'

test('nothing typed runs a demo at the usual speed, and what is typed is taken', () => {
  assert.deepEqual(readDemoOptions([]), { kind: 'run', speed: 1, seed: 1 })
  assert.deepEqual(readDemoOptions(['--speed', '10', '--seed=7', '--port', '8000']), {
    kind: 'run',
    speed: 10,
    seed: 7,
    port: 8000,
  })
})

test('a wish to the demo that runs is read with what it is about', () => {
  const wish = (...args: readonly string[]) => {
    const options = readDemoOptions(args)
    return options.kind === 'wish' ? options.wish : options
  }
  assert.deepEqual(wish('carol', 'offline'), { verb: 'carol', isOnline: false })
  assert.deepEqual(wish('kill', '3'), { verb: 'kill', server: 3 })
  assert.deepEqual(wish('slow', '4', '--port', '7780'), { verb: 'slow', server: 4 })
  assert.deepEqual(wish('links'), { verb: 'links' })
  assert.deepEqual(readDemoOptions(['--help']), { kind: 'help' })
})

test('what cannot be meant is refused with what can', () => {
  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [['caro', 'online'], /Did you mean "carol"\?/],
    [['sudo'], /Known are carol, kill, slow, links, chat/],
    [['carol'], /"online" or "offline"/],
    [['kill'], /Which server\?/],
    [['kill', '6'], /from 1 to 5, and "6" is not/],
    [['kill', '3', '4'], /"4" is one word too many/],
    [['links', 'all'], /"all" is one word too many/],
    [['kill', '3', '--speed', '2'], /chosen when a demo is started/],
    [['--speed', '0'], /from 1 to 60/],
    [['--seed', 'seven'], /--seed is a whole number/],
    [['--fast'], /Unknown option '--fast'/],
  ]
  for (const [args, expected] of refusals)
    assert.throws(() => readDemoOptions(args), expected, args.join(' '))
})
