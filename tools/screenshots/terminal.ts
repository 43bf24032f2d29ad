// node tools/screenshots/terminal.ts: the pictures of the terminal client in docs/images, made from the real program in tmux on real
// servers. Needs tmux; not part of the tests.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { landscapePng } from '../../client-cli/src/images/testing/landscape.ts'
import { startCluster } from '../../tests/support/cluster.ts'
import { until } from '../../tests/support/until.ts'
import { root } from '../bootstrap.mjs'
import { withThrowAwayPostgres } from '../postgres/throw-away.ts'
import { ansiToSvg } from './ansi-to-svg.ts'

const columns = 110
const rows = 25
const images = path.join(root, 'docs/images')
const bin = path.join(root, 'client-cli/bin/fastchat.mjs')
const passphrase = 'correct horse battery'
const socket = `fastchat-screenshots-${process.pid}`

const home = mkdtempSync(path.join(os.tmpdir(), 'fastchat-screens-'))
mkdirSync(images, { recursive: true })
try {
  await withThrowAwayPostgres(async ({ url }) => {
    await using cluster = await startCluster({ postgresUrl: url, ttlSeconds: 120 })
    await take(cluster.url)
  })
} finally {
  tmux('kill-server')
  rmSync(home, { recursive: true, force: true })
}

async function take(server: string): Promise<void> {
  writeFileSync(path.join(home, 'evening.png'), await landscapePng())
  for (const name of ['alice', 'bob', 'carol']) await signUp(name, server)

  await line('alice', '/open bob', /bob .*on-?line/)
  await line('alice', 'are we still on?', /still on\?.*✓✓/)
  await line('bob', '/open alice', /alice/)
  await line('bob', 'yes, see you at six', /see you at six/)
  await line(
    'bob',
    `/image ${path.join(home, 'evening.png')} the view from up there`,
    /✓✓[\s\S]*✓✓/,
  )
  await line('alice', '/creategrp hikers bob carol', /#hikers/)
  await line('alice', 'who brings the map?', /map/)
  await line('carol', '/open #hikers', undefined, /#hikers/)
  await sees('carol', /who brings the map/)
  await line('carol', 'I do', /I do/)
  keys('carol', 'C-d')
  await line('alice', '/send carol lunch tomorrow?', /1:5\d/)
  await line('alice', '/open bob', /view from up there/)
  await line('alice', 'bring it along?', /bring it along\?.*✓✓/)
  capture(
    'alice',
    'terminal-conversation',
    'A conversation in the terminal, with a picture and a countdown',
  )
  await line('alice', '/view', /▀▀▀|▄▄▄/)
  capture('alice', 'terminal-image', 'A picture that bob sent, in half blocks')
  keys('alice', 'Escape')
  await sees('alice', /bring it along/)
  await line('alice', '/verify bob', /\d{5} \d{5}/)
  capture('alice', 'terminal-verify', 'The safety number that two people share')
  keys('alice', 'Escape')
  await sees('alice', /bring it along/)
  await line('alice', '/help', /Send|Ctrl/)
  capture('alice', 'terminal-help', 'The commands of the terminal client')
}

async function signUp(name: string, server: string): Promise<void> {
  const environment = [
    `FASTCHAT_HOME=${path.join(home, name)}`,
    `FASTCHAT_SERVER=${server}`,
    'FASTCHAT_IMAGES=blocks',
    'COLORTERM=truecolor',
  ]
  tmux(
    'new-session',
    '-d',
    '-s',
    name,
    '-x',
    String(columns),
    '-y',
    String(rows),
    'env',
    ...environment,
    process.execPath,
    bin,
  )
  for (const [question, answer] of [
    [/1 new account/, '1'],
    [/Name:/, name],
    [/Password/, passphrase],
    [/once more/, passphrase],
  ] as const)
    await line(name, answer, undefined, question)
  await sees(name, /[Cc]onnected/)
}

async function line(name: string, text: string, then?: RegExp, before?: RegExp): Promise<void> {
  if (before !== undefined) await sees(name, before)
  tmux('send-keys', '-t', name, '-l', text)
  keys(name, 'Enter')
  if (then !== undefined) await sees(name, then)
}

function keys(name: string, key: string): void {
  tmux('send-keys', '-t', name, key)
}

async function sees(name: string, pattern: RegExp): Promise<void> {
  await until(
    `${name} sees ${pattern} in\n${screen(name)}`,
    () => pattern.test(screen(name)) || undefined,
  )
}

function capture(name: string, file: string, title: string): void {
  writeFileSync(path.join(images, `${file}.svg`), ansiToSvg(screen(name, '-e'), columns, title))
}

function screen(name: string, ...options: readonly string[]): string {
  return tmux('capture-pane', '-p', ...options, '-t', name)
}

function tmux(...args: readonly string[]): string {
  return execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' })
}
