import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FakeClient } from '../testing/fake-client.ts'
import type { Command } from './command.ts'
import { complete } from './complete.ts'
import { parseLine } from './parse-line.ts'
import { commandTable } from './registry.ts'
import { commands } from './table.ts'

function command(name: string, given: Partial<Command> = {}): Command {
  return {
    name,
    aliases: [],
    summary: '',
    parameters: [],
    run: async () => ({ kind: 'exit' }),
    ...given,
  }
}

test('a word that would mean two commands fails at start-up', () => {
  const clashes = [
    [command('send'), command('Send')],
    [command('send', { aliases: ['m'] }), command('mute', { aliases: ['M'] })],
    [command('send', { aliases: ['exit'] }), command('exit')],
  ]

  for (const clash of clashes) assert.throws(() => commandTable(clash), /would mean both/)
})

test('a parameter that takes the rest must be the last', () => {
  const parameters = [{ name: 'text', takesRest: true }, { name: 'name' }]

  assert.throws(() => commandTable([command('send', { parameters })]), /takes the rest/)
})

test('the commands of the seed keep their names', () => {
  const names = commands.map(({ name }) => name)

  for (const name of ['Send', 'Help', 'Exit']) assert.ok(names.includes(name))
})

test('no text is lost between the line and what it means', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const line = text.startsWith('/') ? `/${text}` : text
      const parsed = parseLine(line)
      return text.trim() === ''
        ? parsed.kind === 'empty'
        : parsed.kind === 'text' && parsed.text === text
    }),
  )
})

test('Tab completes commands, then what the command is about', async () => {
  const client = new FakeClient()
  const matches = async (line: string) => (await complete(line, commands, client)).matches

  assert.deepEqual(await matches('/se'), ['/send ', '/sendimg ', '/sendgrp ', '/servers '])
  assert.deepEqual(await matches('/SER'), ['/servers '])
  assert.deepEqual(await matches('/send b'), ['bob '])
  assert.deepEqual(await matches('/send bob h'), [])
  assert.deepEqual(await matches('/help ver'), ['verify'])
  assert.deepEqual(await matches('/kick te'), ['#team '])
  assert.deepEqual(await matches('/send #re'), ['"#Reading club" '])
  assert.deepEqual(await matches('hello b'), [])
})

test('strangers are asked for only when nobody known fits', async () => {
  const client = new FakeClient()
  client.people.set('dave', { ...(client.people.get('bob') ?? assert.fail()), username: 'dave' })

  await complete('/send bo', commands, client)
  assert.deepEqual(client.calls, [])

  const { matches } = await complete('/send da', commands, client)
  assert.deepEqual(matches, ['dave '])
  assert.deepEqual(client.calls, ['search da'])
})
