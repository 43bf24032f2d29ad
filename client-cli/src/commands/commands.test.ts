import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safetyNumberAnswer } from '../chat/safety-number-answer.ts'
import { Failure } from '../failure.ts'
import { fileDesk } from '../images/file-desk.ts'
import { FakeClient } from '../testing/fake-client.ts'
import type { CommandContext, Outcome } from './command.ts'
import { runLine } from './run-line.ts'
import { commands } from './table.ts'

interface Session {
  readonly client?: FakeClient
  readonly open?: string
  readonly answers?: readonly string[]
}

/** Types a line and answers what is asked; returns what should happen and what was asked. */
async function type(line: string, { client = new FakeClient(), open, answers = [] }: Session = {}) {
  const left = [...answers]
  const asked: string[] = []
  const context: CommandContext = {
    client,
    commands,
    files: fileDesk({ client, env: {}, protocol: 'none' }),
    open: open === undefined ? undefined : { to: open, title: open },
    nowMs: 0,
  }
  const outcome = await runLine(line, context, async (question) => {
    asked.push(question.trim())
    return left.shift()
  }).catch((error: unknown): Outcome => {
    if (!(error instanceof Failure)) throw error
    return { kind: 'print', lines: [error.message] }
  })
  return { outcome, asked, calls: client.calls, lines: linesOf(outcome) }
}

function linesOf(outcome: Outcome): readonly string[] {
  if (outcome.kind === 'safety-number') return safetyNumberAnswer(outcome)
  return 'lines' in outcome ? outcome.lines : [`<${outcome.kind}>`]
}

test('/Send with everything asks nothing, and capital letters do not matter', async () => {
  for (const word of ['/Send', '/send', '/SEND', '/msg']) {
    const { outcome, asked } = await type(`${word} bob  are we  still on?`)

    assert.deepEqual(outcome, { kind: 'send', to: 'bob', text: 'are we  still on?' })
    assert.deepEqual(asked, [])
  }
})

test('/Send alone asks to whom and then what, as it always did', async () => {
  const { outcome, asked } = await type('/Send', { answers: ['bob', 'hello there'] })

  assert.deepEqual(asked, ['To whom?', 'Message?'])
  assert.deepEqual(outcome, { kind: 'send', to: 'bob', text: 'hello there' })
})

test('an empty answer does nothing and says how it is used', async () => {
  const { lines } = await type('/send bob', { answers: [''] })

  assert.deepEqual(lines, ['Nothing done. It is used so: /Send <name> <message>'])
})

test('plain text goes to the open conversation, line breaks and all', async () => {
  const { outcome } = await type('one\ntwo', { open: 'bob' })

  assert.deepEqual(outcome, { kind: 'send', to: 'bob', text: 'one\ntwo' })
})

test('plain text without an open conversation sends nothing and says what to do', async () => {
  const { lines } = await type('hello')

  assert.match(lines[0] ?? '', /^No conversation is open\. \/open <name>/)
})

test('two slashes begin a text with one', async () => {
  const { outcome } = await type('//help is a command', { open: 'bob' })

  assert.deepEqual(outcome, { kind: 'send', to: 'bob', text: '/help is a command' })
})

for (const [typed, meant] of [
  ['/snd bob hi', '/send'],
  ['/hlep', '/help'],
  ['/ver', '/verify'],
  ['/EXTI', '/exit'],
] as const) {
  test(`${typed} is no command, but ${meant} is near`, async () => {
    const { lines } = await type(typed)

    assert.match(lines[0] ?? '', new RegExp(`Did you mean ${meant}\\?`))
  })
}

test('what is near to nothing gets no guess', async () => {
  const { lines } = await type('/zzzzzz')

  assert.deepEqual(lines, ['There is no command /zzzzzz. /help shows all of them.'])
})

test('more words than a command takes are refused, not ignored', async () => {
  const { lines, calls } = await type('/trust bob carol')

  assert.match(lines[0] ?? '', /more than \/trust takes/)
  assert.deepEqual(calls, [])
})

test('/help names every command, and /help send how it is used', async () => {
  const { lines } = await type('/help')
  for (const { name } of commands) assert.ok(lines.some((line) => line.startsWith(`/${name}`)))

  const page = await type('/help /Send')
  assert.deepEqual(page.lines.slice(0, 2), [
    '/Send <name> <message>',
    'Send a message to somebody, or to a #group.',
  ])
})

test('/open finds the person before it opens', async () => {
  assert.deepEqual((await type('/open BOB')).outcome, {
    kind: 'open',
    name: 'bob',
    title: 'bob',
  })
  assert.deepEqual((await type('/open nobody')).lines, ['There is nobody called nobody.'])
})

test('/who says on-line, verified, devices', async () => {
  const { lines } = await type('/who bob')

  assert.deepEqual(lines, [
    'bob is on-line, not verified yet; compare with /verify bob',
    'device laptop (d1)',
  ])
})

test('/who tells of a key that waits to be accepted', async () => {
  const client = new FakeClient()
  const bob = client.people.get('bob') ?? assert.fail()
  client.people.set('bob', { ...bob, hasNewKey: true })

  const { lines } = await type('/who bob', { client })

  assert.match(lines[1] ?? '', /key of bob changed.*\/trust bob/)
})

test('/verify shows sixty digits in three rows; done notes it', async () => {
  const { lines } = await type('/verify bob')
  assert.deepEqual(lines.slice(1, 4), [
    '  10000 10001 10002 10003',
    '  10004 10005 10006 10007',
    '  10008 10009 10010 10011',
  ])

  assert.deepEqual((await type('/verify bob done')).calls, ['verify bob'])
})

test('/trust accepts the new key', async () => {
  assert.deepEqual((await type('/trust bob')).calls, ['accept bob'])
})

test('/devices says which one this is', async () => {
  const { lines } = await type('/devices')

  assert.deepEqual(lines.slice(0, 2), ['aaa1  laptop  (this one)', 'aab2  phone'])
})

test('/servers puts the fastest first and says so', async () => {
  const { lines } = await type('/servers')

  assert.deepEqual(lines, [
    'server  state  ping    sockets  address',
    '     2  up     3.2 ms        1  http://127.0.0.1:7682',
    '     1  up     180 ms      412  http://127.0.0.1:7681',
    '     4  down   -             0  http://127.0.0.1:7684',
    'Fastest: server 2',
  ])
})

test('/conversations says when the last message came', async () => {
  const { lines } = await type('/list')

  assert.deepEqual(lines, [
    'carol                 2026-11-22 18:00',
    'unreadable messages   2026-11-22 17:59',
    'bob                   2026-11-22 17:58',
  ])
})

test('/history means the open conversation unless it names one', async () => {
  const open = 'bob'
  const shows = (name: string, count: number) => ({
    kind: 'show-history',
    name,
    title: name,
    count,
  })

  assert.deepEqual((await type('/history', { open })).outcome, shows('bob', 20))
  assert.deepEqual((await type('/history 50', { open })).outcome, shows('bob', 50))
  assert.deepEqual((await type('/history carol 5', { open })).outcome, shows('carol', 5))
  assert.match((await type('/history')).lines[0] ?? '', /No conversation is open/)
  assert.match((await type('/history bob many')).lines[0] ?? '', /Give a number/)
})

test('/exit leaves, /clear clears', async () => {
  assert.deepEqual((await type('/Exit')).outcome, { kind: 'exit' })
  assert.deepEqual((await type('/clear')).outcome, { kind: 'clear' })
})

test('the group commands of the seed do what they say, by their old names and as /group', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['/Addmember team carol dave', 'add team carol dave'],
    ['/group add #team carol', 'add team carol'],
    ['/kick team bob', 'kick team bob'],
    ['/group kick TEAM bob', 'kick team bob'],
    ['/Leavegrp "Reading club"', 'leave Reading club'],
    ['/Changeadmin team bob', 'hand-over team bob'],
    ['/promote team bob', 'promote team bob'],
    ['/demote team bob', 'demote team bob'],
    ['/group rename team The new one', 'rename team The new one'],
    ['/Deletegrp team team', 'delete team'],
  ]
  for (const [line, call] of cases) assert.deepEqual((await type(line)).calls, [call])
})

test('/Creategrp makes a group and opens it', async () => {
  const { outcome, calls } = await type('/Creategrp "Old friends" bob carol')

  assert.deepEqual(calls, ['create Old friends bob carol'])
  assert.deepEqual(outcome, {
    kind: 'open',
    name: 'group:id-of-old-friends',
    title: '#Old friends',
  })
})

test('every command of the seed asks for what it needs and was not given', async () => {
  const asked = async (line: string, answers: readonly string[]) =>
    (await type(line, { answers })).asked

  assert.deepEqual(await asked('/Creategrp', ['team']), ['What shall the group be called?'])
  assert.deepEqual(await asked('/Addmember', ['team', 'bob']), ['Which group?', 'Whom?'])
  assert.deepEqual(await asked('/Sendgrp', ['team', 'hi']), ['Which group?', 'Message?'])
  assert.deepEqual(await asked('/kick', ['team', 'bob']), ['Which group?', 'Whom?'])
  assert.deepEqual(await asked('/Leavegrp', ['team']), ['Which group?'])
  assert.deepEqual(await asked('/Changeadmin', ['team', 'bob']), ['Which group?', 'Whom?'])
  assert.equal((await asked('/Deletegrp', ['team', 'team'])).length, 2)
})

test('a message goes to a group by /Sendgrp, by /send with a #, or when it is open', async () => {
  const sent = { kind: 'send', to: 'group:id-of-team', text: 'hello all' }

  assert.deepEqual((await type('/Sendgrp team hello all')).outcome, sent)
  assert.deepEqual((await type('/send #team hello all')).outcome, sent)
  assert.deepEqual((await type('hello all', { open: 'group:id-of-team' })).outcome, sent)
})

test('a group is deleted only by who types its name twice', async () => {
  const { calls, lines } = await type('/Deletegrp team tea')

  assert.deepEqual(calls, [])
  assert.deepEqual(lines, ['That is not its name. #team stays as it is.'])
})

test('/groups and /members say who is in and who is admin', async () => {
  assert.deepEqual((await type('/groups')).lines, [
    '#Reading club         2 members',
    '#team                 2 members, you are admin',
  ])
  assert.deepEqual((await type('/members team')).lines.slice(1), ['alice (admin)', 'bob'])
})
