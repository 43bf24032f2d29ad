import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { playgroundTabs } from '../../server/src/transport/playground-tabs.ts'
import { askOverHttp, codesOf, type RawAnswer } from '../support/ask-over-http.ts'
import { startCluster } from '../support/cluster.ts'
import { createOperator } from '../support/operator.ts'
import { nextEvent, signedUp } from '../support/people.ts'
import { openSql } from '../support/sql.ts'
import { openShell } from '../terminal/support/shell.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a server answers is what the test looks at.
type Batch = { readonly events: readonly any[] }

test('every tab of the playground runs as it is once the link has filled it in', async () => {
  await using cluster = await startCluster({ servers: 2 })
  await using shell = await openShell(cluster.url)
  await using sql = await openSql(cluster.databaseUrl)
  await writeFile(path.join(shell.home, 'operator-token'), await createOperator(sql))
  await using bob = await signedUp(cluster.url, 'bob')
  assert.equal((await shell.run('alice', ['signup', '--name', 'alice'])).code, 0)

  const { code, stdout } = await shell.run('alice', [
    ...['playground', '--to', 'bob'],
    ...['--operator-token-file', path.join(shell.home, 'operator-token')],
  ])
  assert.equal(code, 0)
  const link = new URL(stdout.trim())
  assert.equal(link.search, '', 'nothing secret in what a server would see')
  const filled = JSON.parse(Buffer.from(link.hash.slice(1), 'base64url').toString())

  const heard = nextEvent(bob, 'message')
  const ask = async (tab: number) => {
    const { query, variables } = playgroundTabs[tab - 1] ?? assert.fail()
    return askOverHttp(link.origin, query, fill(variables, filled), filled.token)
  }
  for (const tab of [1, 2, 3, 4, 6, 7]) assert.deepEqual(codesOf(await ask(tab)), [], `tab ${tab}`)

  const message = await heard
  assert.equal(message.kind === 'text' && message.text, 'Hello from the playground.')
  assert.equal(message.kind === 'text' && message.from, 'alice')

  await using inbox = await watch(link.origin, 5, filled)
  await bob.send('alice', { text: 'seen in the playground?' })
  const arrived = await inbox.until(({ data }) =>
    (data?.inbox as Batch | undefined)?.events.find(
      (event) => event.__typename === 'MessageArrived',
    ),
  )
  assert.match(arrived.envelope, /^[\w-]+$/)

  await using servers = await watch(link.origin, 8, filled)
  const told = await servers.until(({ data }) => data?.operations)
  assert.equal(told.verdict.sentence, 'All two servers healthy.')
  assert.equal(told.servers.length, 2)
  await using refused = await watch(link.origin, 8, { ...filled, operatorToken: filled.token })
  assert.deepEqual(await refused.until((answer) => codesOf(answer)), ['FORBIDDEN'])
})

function fill(variables: string | undefined, values: Record<string, unknown>): object {
  const parsed: Record<string, unknown> = JSON.parse(variables ?? '{}')
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => [key, values[String(value).slice(1, -1)]]),
  )
}

/** The subscription of a tab, as the page runs it: over server-sent events, with the headers of the tab. */
async function watch(url: string, tab: number, values: Record<string, unknown>) {
  const { query, variables, headers = '{}' } = playgroundTabs[tab - 1] ?? assert.fail()
  const stop = new AbortController()
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...JSON.parse(headers.replace(/<(\w+)>/, (_, name) => String(values[name]))),
    },
    body: JSON.stringify({ query, variables: fill(variables, values) }),
    signal: stop.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail()
  let text = ''
  return {
    /** The first thing that is found in an answer. */
    async until<T>(find: (answer: RawAnswer) => T | undefined): Promise<T> {
      for (;;) {
        for (const [, json = ''] of text.matchAll(/^data: (\{.*\})$/gm)) {
          const found = find(JSON.parse(json))
          if (found !== undefined) return found
        }
        const { done, value } = await reader.read()
        if (done) throw new Error(`The stream ended with: ${text}`)
        text += value
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await reader.closed.catch(() => undefined)
    },
  }
}
