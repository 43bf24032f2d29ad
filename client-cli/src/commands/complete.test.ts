import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClient } from '../testing/fake-client.ts'
import { complete } from './complete.ts'
import { commands } from './table.ts'

async function after(line: string, client = new FakeClient()) {
  const { matches, completed } = await complete(line, commands, client)
  return matches.map((match) => line.slice(0, line.length - completed.length) + match)
}

async function withGroups(): Promise<FakeClient> {
  const client = new FakeClient()
  await client.groups.create({ name: 'Book club', members: ['bob'] })
  await client.groups.create({ name: 'ops', members: [] })
  return client
}

test('a command is completed by its name, without case', async () => {
  assert.deepEqual(await after('/ver'), ['/verify '])
  assert.deepEqual(await after('/SEN'), ['/send ', '/sendimg ', '/sendgrp '])
  assert.deepEqual(await after('/zzz'), [])
})

test('a command of two words is found on the way to it', async () => {
  const found = await after('/group a')

  assert.deepEqual(found, ['/group add ', '/group admin '])
})

test('every command is offered once', async () => {
  const all = await after('/')

  assert.equal(all.length, commands.length)
  assert.equal(new Set(all).size, all.length)
})

test('names of people are completed where a command takes one', async () => {
  assert.deepEqual(await after('/send b'), ['/send bob '])
  assert.deepEqual(await after('/group add #ops b', await withGroups()), ['/group add #ops bob '])
  assert.deepEqual(await after('/who bob x'), [])
})

test('a group with a space in its name is put in quotes, also when it is begun with one', async () => {
  const client = await withGroups()

  assert.deepEqual(await after('/open #bo', client), ['/open "#Book club" '])
  assert.deepEqual(await after('/open "#Book c', client), ['/open "#Book club" '])
})

test('what follows a name in quotes is completed as what it is', async () => {
  const client = await withGroups()

  assert.deepEqual(await after('/kick "#Book club" b', client), ['/kick "#Book club" bob '])
  assert.deepEqual(await after('/kick "#Book club" ', client), [
    '/kick "#Book club" carol ',
    '/kick "#Book club" bob ',
  ])
})

test('plain text, and text that begins with a slash, completes to nothing', async () => {
  assert.deepEqual(await after('hello b'), [])
  assert.deepEqual(await after('//send b'), [])
})
