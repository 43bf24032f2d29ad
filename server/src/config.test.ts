import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, readConfig } from './config.ts'

const enough = {
  FASTCHAT_SERVER_ID: '1',
  PORT: '7681',
  DATABASE_URL: 'postgresql://fastchat:hunter2@127.0.0.1/fastchat',
  FASTCHAT_SECRET_FILE: '/somewhere/secret.json',
}

test('a server needs four variables; the rest has defaults', () => {
  const config = readConfig(enough)

  assert.equal(config.role, 'server')
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.messageTtlMs, 120_000)
  assert.deepEqual(config.rates.send, { burst: 100, perSecond: 10 })
})

test('all mistakes are told at once and no value is repeated', () => {
  const wrong = {
    ...enough,
    PORT: 'hunter3',
    DATABASE_URL: 'mysql://x:hunter2@y/z',
    FASTCHAT_RATE_SEND: 'many',
  }

  assert.throws(
    () => readConfig(wrong),
    (error) => {
      assert(error instanceof ConfigError)
      assert.deepEqual(
        error.problems.map((line) => line.split(' ')[0]),
        ['PORT', 'DATABASE_URL', 'FASTCHAT_RATE_SEND'],
      )
      assert.doesNotMatch(error.message, /hunter/)
      return true
    },
  )
})

test('an empty environment names everything that is needed', () => {
  assert.throws(() => readConfig({}), /PORT.*DATABASE_URL.*FASTCHAT_SECRET_FILE/s)
})

test('the playground is on by itself only where nobody else can reach it', () => {
  assert.equal(readConfig(enough).playground, true)
  assert.equal(readConfig({ ...enough, HOST: '0.0.0.0' }).playground, false)
  assert.equal(
    readConfig({ ...enough, HOST: '0.0.0.0', FASTCHAT_PLAYGROUND: 'on' }).playground,
    true,
  )
  assert.equal(readConfig({ ...enough, FASTCHAT_PLAYGROUND: 'off' }).playground, false)
})

test('a rate is written burst/perSecond', () => {
  const config = readConfig({
    ...enough,
    FASTCHAT_RATE_SEND: '5000/2500.5',
    FASTCHAT_RATE_START_SIGN_IN: '7/1',
  })

  assert.deepEqual(config.rates.send, { burst: 5000, perSecond: 2500.5 })
  assert.deepEqual(config.rates.startSignIn, { burst: 7, perSecond: 1 })
})

test('origins are compared as a browser sends them', () => {
  const config = readConfig({
    ...enough,
    FASTCHAT_ORIGINS: 'https://Chat.Example.org/, http://127.0.0.1:7680',
  })

  assert.deepEqual(config.origins, ['https://chat.example.org', 'http://127.0.0.1:7680'])
})

test('a server without an id is refused, and so is a balancer with one', () => {
  assert.throws(() => readConfig({ ...enough, FASTCHAT_SERVER_ID: '0' }), /FASTCHAT_SERVER_ID/)
  assert.throws(() => readConfig({ ...enough, FASTCHAT_ROLE: 'balancer' }), /FASTCHAT_SERVER_ID/)
  assert.equal(
    readConfig({ ...enough, FASTCHAT_ROLE: 'balancer', FASTCHAT_SERVER_ID: '0' }).serverId,
    0,
  )
})
