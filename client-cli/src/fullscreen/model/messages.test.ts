import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../testing/fake-client.ts'
import { directConversation } from './conversation.ts'
import { listed, nextUnread, opened, seen } from './conversations.ts'
import { arrived, cameFurther, pageRead, removed, sent } from './messages.ts'
import { firstState, type ScreenState, timelineOf, unreadCount, withTimeline } from './state.ts'
import { waitingOf } from './waiting.ts'

const bob = directConversation('bob')
const carol = directConversation('carol')
const atBob = opened(opened(firstState('alice'), carol), bob)

const from = (peer: string, id: string, position = id) =>
  messageOf({ peer, id, position, text: `text of ${id}` })
const mine = (id: string, position = `p ${id}`) =>
  messageOf({ id, position, isMine: true, text: id, state: { kind: 'sending' } })
const stored = { kind: 'stored', expiresAtMs: 5000, delivered: 0, of: 1 } as const

function keys(state: ScreenState, key = bob.key): readonly string[] {
  return timelineOf(state, key).entries.map((entry) =>
    entry.kind === 'message' ? entry.message.id : entry.kind,
  )
}

test('a message in the open conversation is seen as it comes', () => {
  const state = arrived(atBob, from('bob', '1'))

  assert.deepEqual(keys(state), ['1'])
  assert.equal(unreadCount(state), 0)
  assert.equal(timelineOf(state).newFrom, undefined)
})

test('a message elsewhere is unread until that conversation is opened, and new until it is left', () => {
  const told = arrived(arrived(atBob, from('carol', '1')), from('carol', '2'))
  assert.equal(unreadCount(told), 2)
  assert.equal(nextUnread(told)?.title, 'carol')

  const open = opened(told, carol)
  assert.equal(unreadCount(open), 0)
  assert.equal(timelineOf(open).newFrom, 'from carol 1')

  const left = opened(open, bob)
  assert.equal(timelineOf(left, carol.key).newFrom, undefined)
})

test('a message to a window behind others is unread until somebody looks', () => {
  const away = { ...atBob, isAttended: false }
  const told = arrived(away, from('bob', '1'))

  assert.equal(unreadCount(told), 1)
  assert.equal(unreadCount(seen(told)), 0)
  assert.equal(timelineOf(seen(told)).newFrom, 'from bob 1')
})

test('what comes while one reads back is counted below', () => {
  const anchor = { kind: 'at', key: 'from bob 1', skippedRows: 0 } as const
  const reading = withTimeline(arrived(atBob, from('bob', '1')), bob.key, (timeline) => {
    return { ...timeline, anchor }
  })

  const told = arrived(reading, from('bob', '2'))

  assert.equal(timelineOf(told).below, 1)
  assert.deepEqual(timelineOf(told).anchor, anchor)
  assert.deepEqual(timelineOf(sent(told, mine('3'))).anchor, { kind: 'end' })
})

test('a message that was told of twice stands there once', () => {
  const twice = arrived(arrived(atBob, from('bob', '1')), from('bob', '1'))

  assert.deepEqual(keys(twice), ['1'])
})

test('an id that somebody else has used already is another message', () => {
  const both = arrived(sent(atBob, mine('1')), from('bob', '1', '2'))

  assert.equal(timelineOf(both).entries.length, 2)
})

test('a message gets the place that the server gave it, among those of others', () => {
  const waiting = sent(arrived(atBob, from('bob', '1')), mine('m'))
  const later = arrived(waiting, from('bob', '3'))
  assert.deepEqual(keys(later), ['1', '3', 'm'])

  const accepted = cameFurther(later, { id: 'm', state: stored, position: '2' })

  assert.deepEqual(keys(accepted), ['1', 'm', '3'])
})

test('a state that is told before its message is not lost', () => {
  const early = cameFurther(atBob, { id: 'm', state: stored, position: '2' })
  const state = sent(early, mine('m'))

  assert.deepEqual(waitingOf(state), { count: 1, nextExpiryMs: 5000, queued: 0 })
})

test('what waits is counted for each conversation and for all, until it is settled', () => {
  const one = cameFurther(sent(atBob, mine('m')), { id: 'm', state: stored, position: '2' })
  const two = sent(one, mine('n'))
  assert.deepEqual(waitingOf(two), { count: 1, nextExpiryMs: 5000, queued: 1 })
  assert.deepEqual(waitingOf(two, carol.key), { count: 0, nextExpiryMs: undefined, queued: 0 })

  const done = cameFurther(two, { id: 'm', state: { kind: 'delivered' }, position: '2' })
  assert.equal(waitingOf(done).count, 0)
})

test('an expired message has a number that no other gets, also after it was sent again', () => {
  const expired = { kind: 'expired' } as const
  const first = cameFurther(sent(atBob, mine('m')), { id: 'm', state: expired, position: '1' })
  const again = sent(removed(first, 'm', bob.key), mine('n'))
  const second = cameFurther(again, { id: 'n', state: expired, position: '2' })

  assert.deepEqual(keys(second), ['n'])
  const [entry] = timelineOf(second).entries
  assert.equal(entry?.kind === 'message' && entry.number, 2)
})

test('a page of the past stands before what is here, and repeats nothing of it', () => {
  const told = arrived(atBob, from('bob', '3'))
  const messages = [from('bob', '1'), from('bob', '2'), from('bob', '3')]

  const state = pageRead(told, bob.key, { messages, isWhole: true })

  assert.deepEqual(keys(state), ['1', '2', '3'])
  assert.equal(timelineOf(state).older, 'none')
})

test('a page tells what still waits since the last run', () => {
  const messages = [{ ...mine('m', '1'), state: stored }]

  const state = pageRead(atBob, bob.key, { messages, isWhole: true })

  assert.equal(waitingOf(state, bob.key).count, 1)
})

test('a group is one conversation, under the name it has now', () => {
  const id = 'group:g1'
  const told = arrived(atBob, { ...from('bob', '1'), conversation: id })
  const named = listed(told, [{ id, group: { id: 'g1', name: 'team' } }])
  const renamed = listed(named, [{ id, group: { id: 'g1', name: 'crew' } }])

  assert.equal(renamed.conversations.at(-1)?.title, '#crew')
  assert.equal(renamed.conversations.at(-1)?.target, id)
  assert.equal(renamed.conversations.length, 3)
})

test('a flood keeps the newest, and knows that there were older ones', () => {
  let state = atBob
  for (let number = 0; number < 2100; number++) {
    state = arrived(state, from('bob', String(number).padStart(5, '0')))
  }

  assert.equal(timelineOf(state).entries.length, 2000)
  assert.equal(timelineOf(state).older, 'some')
  assert.equal(keys(state).at(-1), '02099')
})
