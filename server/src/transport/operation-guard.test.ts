import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getIntrospectionQuery } from 'graphql'
import { schema } from '../schema/index.ts'
import { createOperationGuard, type Variables } from './operation-guard.ts'
import { playgroundTabs } from './playground-tabs.ts'

test('what a playground asks first passes when introspection is on, and is refused when it is off', () => {
  const document = getIntrospectionQuery({
    descriptions: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    directiveIsRepeatable: true,
    specifiedByUrl: true,
    oneOf: true,
  })

  const [on, off] = [true, false].map((introspection) =>
    createOperationGuard({ schema, introspection }).prepare(document),
  )

  assert.equal(on?.kind, 'ready')
  assert.equal(off?.kind, 'refused')
})

test('introspection that goes in circles is refused even when introspection is on', () => {
  const guard = createOperationGuard({ schema, introspection: true })
  const nest = (depth: number): string =>
    depth === 0 ? 'name' : `fields { type { ${nest(depth - 1)} } }`

  assert.equal(guard.prepare(`{ __type(name: "Query") { ${nest(8)} } }`).kind, 'refused')
})

test('every tab of the playground is a document that the schema accepts', () => {
  const guard = createOperationGuard({ schema, introspection: true })

  for (const { query } of playgroundTabs) {
    const prepared = guard.prepare(query)
    assert.equal(
      prepared.kind,
      'ready',
      prepared.kind === 'refused' ? prepared.errors[0]?.message : '',
    )
  }
})

test('a document that was seen before is the same object: nothing is parsed or validated again', () => {
  const guard = createOperationGuard({ schema, introspection: false })

  assert.equal(guard.prepare('{ service { version } }'), guard.prepare('{ service { version } }'))
})

test('a document that declares what it needs is accepted before its variables are known', () => {
  const guard = createOperationGuard({ schema, introspection: false })
  const document =
    'mutation M($input: AcknowledgeInput!) { acknowledge(input: $input) { __typename } }'

  const prepared = guard.prepare(document)

  assert.equal(prepared.kind, 'ready')
})

test('where the cost of a field depends on its arguments, every request is weighed, on its own variables', () => {
  const guard = createOperationGuard({ schema, introspection: false })
  const fields = 'name deviceId createdAt '.repeat(3)
  const document = `query Q($names: [String!]!) { accounts(usernames: $names) { devices { ${fields} } } }`
  const names = (count: number) => ({
    names: Array.from({ length: count }, (_, number) => `alice${number}`),
  })
  const isRefused = (variables: Variables) => guard.prepare(document, variables).kind === 'refused'

  assert.equal(isRefused(names(2)), false)
  assert.equal(isRefused(names(64)), true)
  assert.equal(isRefused(names(3)), false)
  // What does not fit is for the executor to tell.
  for (const variables of [names(10_000), {}, { names: 7 }, null])
    assert.equal(isRefused(variables), false)
})
