import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { buildSchema, parse, validate } from 'graphql'
import { playgroundTabs } from './playground-tabs.ts'

const contract = path.resolve(import.meta.dirname, '../../../schema.graphql')
const schema = buildSchema(readFileSync(contract, 'utf8'))

test('every tab is numbered in order and asks for what the schema has', () => {
  playgroundTabs.forEach(({ query }, index) => {
    assert.match(query, new RegExp(`^# ${index + 1} · `))
    assert.deepEqual(validate(schema, parse(query)), [])
  })
})
