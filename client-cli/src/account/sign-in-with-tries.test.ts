import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatClient, SignInResult } from '@fastchat/client-core'
import type { KeyFile } from '../profile/key-file.ts'
import type { Joining } from './join.ts'
import { signInWithTries } from './sign-in-with-tries.ts'

interface Told {
  readonly tried: string[]
  readonly said: string[]
  readonly sealedWith: string[]
}

/** Somebody who types these passwords, at a server that answers so. */
function joining(
  passwords: readonly string[],
  answer: (password: string) => SignInResult,
  kind: 'ask' | 'given' = 'ask',
): Told & { readonly joining: Joining } {
  const [first = '', ...later] = passwords
  const told: Told = { tried: [], said: [], sealedWith: [] }
  const client = {
    async signIn({ password }: { readonly password: string }) {
      told.tried.push(password)
      return answer(password)
    },
  } as unknown as ChatClient
  const keys = {
    async setPassword(password: string) {
      told.sealedWith.push(password)
    },
  } as unknown as KeyFile
  const prompter = {
    canAsk: true,
    say: (line: string) => told.said.push(line),
    ask: () => Promise.reject(new Error('nothing else is asked')),
    askSecret: async () => later.shift() ?? assert.fail('asked too often'),
  }
  const source = kind === 'ask' ? { kind } : { kind, password: first }
  const rest = { username: 'alice', password: first, deviceName: 'laptop' }
  return { ...told, joining: { client, keys, prompter, source, ...rest } }
}

const onlyHorse = (password: string): SignInResult =>
  password === 'horse' ? { kind: 'signed-in' } : { kind: 'wrong-password', attemptsLeft: 9 }

test('the third try may be right, and then it opens the key file', async () => {
  const alice = joining(['cat', 'dog', 'horse'], onlyHorse)

  await signInWithTries(alice.joining)

  assert.deepEqual(alice.tried, ['cat', 'dog', 'horse'])
  assert.equal(alice.sealedWith.at(-1), 'horse')
})

test('after three wrong passwords it stops', async () => {
  const alice = joining(['cat', 'dog', 'cow', 'horse'], onlyHorse)

  await assert.rejects(signInWithTries(alice.joining), { exit: 'failed' })

  assert.deepEqual(alice.tried, ['cat', 'dog', 'cow'])
  assert.match(alice.said.at(-1) ?? '', /1 try is left/)
})

test('a server that gives fewer tries is believed', async () => {
  const alice = joining(['cat', 'dog'], () => ({ kind: 'wrong-password', attemptsLeft: 0 }))

  await assert.rejects(signInWithTries(alice.joining), { exit: 'failed' })

  assert.deepEqual(alice.tried, ['cat'])
})

test('a password from a file is tried once', async () => {
  const alice = joining(['cat'], onlyHorse, 'given')

  await assert.rejects(signInWithTries(alice.joining), { exit: 'failed' })

  assert.deepEqual(alice.tried, ['cat'])
})

test('too many attempts end with 5 and the time to wait', async () => {
  const alice = joining(['cat'], () => ({ kind: 'too-many-attempts', retryAfterMs: 61_000 }))

  await assert.rejects(signInWithTries(alice.joining), {
    exit: 'rate-limited',
    message: /Try again in 61 s\./,
  })
})
