import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsFrom } from '../settings.ts'
import { FakeClient } from '../testing/fake-client.ts'
import { FakeTerminal } from '../testing/fake-terminal.ts'
import { showProgress } from './progress-bar.ts'

const options = { json: false, ascii: true, plain: false, lines: false, color: true }

function shown(given: { readonly isTTY: boolean; readonly json?: boolean }) {
  const terminal = new FakeTerminal({ isTTY: given.isTTY, env: { FASTCHAT_HOME: '/nowhere' } })
  const client = new FakeClient()
  const settings = settingsFrom({ ...options, json: given.json ?? false }, terminal)
  const stop = showProgress(client, terminal, settings)
  client.emit('transfer', { id: 'm1', direction: 'up', done: 600_000, of: 2_400_000 })
  return { terminal, stop }
}

test('a file on its way is a bar on one line, which takes itself away', async () => {
  const { terminal, stop } = shown({ isTTY: true })
  await terminal.sees(/^######\.{18} 25 % {2}600 KB of 2\.4 MB$/m)

  stop()

  assert.doesNotMatch(terminal.screen.text, /%/)
})

test('a pipe and --json see no bar', () => {
  assert.equal(shown({ isTTY: false }).terminal.written.talk, '')
  assert.equal(shown({ isTTY: true, json: true }).terminal.written.talk, '')
})
