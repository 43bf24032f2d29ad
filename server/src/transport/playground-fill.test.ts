import assert from 'node:assert/strict'
import { test } from 'node:test'
import vm from 'node:vm'
import { fillTabs } from './playground-fill.ts'
import { playgroundTabs } from './playground-tabs.ts'

type Tab = (typeof playgroundTabs)[number]

/** As a browser runs it: the text of the function, and nothing else of ours. */
function openedAt(hash: string, stored: Map<string, string> = new Map()) {
  const addresses: string[] = []
  const window = {
    location: { hash, pathname: '/playground', search: '' },
    history: { replaceState: (_: null, __: string, url: string) => addresses.push(url) },
    localStorage: { removeItem: (key: string) => stored.delete(key) },
    atob,
  }
  const context = vm.createContext({ window, TextDecoder, Uint8Array })
  const text = `(${fillTabs.toString()})(${JSON.stringify({ defaultTabs: playgroundTabs })})`
  const { defaultTabs } = vm.runInContext(text, context) as { defaultTabs: readonly Tab[] }
  return { tabs: defaultTabs, addresses }
}

function linkTo(values: object): string {
  return `#${Buffer.from(JSON.stringify(values)).toString('base64url')}`
}

test('a link fills the token and the variables into the tabs and leaves the address at once', () => {
  const sample = { clientMessageId: 'an id', envelope: 'sealed', to: [] }
  const stored = new Map([['graphiql:tabState', 'of an earlier visit']])

  const { tabs, addresses } = openedAt(
    linkTo({
      token: 'secret',
      operatorToken: 'of olga',
      username: 'bøb',
      sample,
      attachmentId: 'attached',
    }),
    stored,
  )

  const filled = tabs.flatMap(({ headers }) => (headers ? [JSON.parse(headers)] : []))
  assert.ok(filled.length > 5)
  assert.deepEqual(filled.pop(), { authorization: 'Bearer of olga' })
  for (const one of filled) assert.deepEqual(one, { authorization: 'Bearer secret' })
  const variables = tabs.flatMap(({ variables }) => (variables ? [JSON.parse(variables)] : []))
  assert.deepEqual(variables[0], { username: 'bøb' })
  assert.deepEqual(variables[1], { input: sample })
  assert.deepEqual(variables[2], { attachmentId: 'attached' })
  assert.deepEqual(variables[3], { ids: '<sampleIds>' }, 'what is not given is left to be typed')
  assert.deepEqual(addresses, ['/playground'])
  assert.equal(stored.size, 0)
})

test('without a link, or with one that is broken, the tabs stay as they are', () => {
  for (const hash of ['', '#', '#%%%', '#bm90IGpzb24']) {
    assert.deepEqual(JSON.stringify(openedAt(hash).tabs), JSON.stringify(playgroundTabs))
  }
})
