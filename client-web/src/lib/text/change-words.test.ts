import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GroupChangeMessage } from '@fastchat/client-core'
import { changeWords } from './change-words.ts'

const change = (fields: Partial<GroupChangeMessage>): GroupChangeMessage => ({
  kind: 'group-change',
  id: '1',
  conversation: 'group:1',
  position: '1',
  sentAtMs: 0,
  action: 'add',
  by: 'bob',
  isMine: false,
  subjects: [],
  name: 'team',
  ...fields,
})

test('a change is told from where the reader stands', () => {
  const added = change({ subjects: ['alice', 'carol', 'dave'] })

  assert.equal(changeWords(added, 'alice'), 'bob added you, carol and dave')
  assert.equal(changeWords(added, 'bob'), 'You added alice, carol and dave')
  assert.equal(changeWords(change({ action: 'leave' }), 'alice'), 'bob left')
})

test('the name of a group cannot rearrange the line about it', () => {
  const renamed = change({ action: 'rename', name: 'a\u202Eb\nc' })

  assert.equal(changeWords(renamed, 'alice'), 'bob named the group “ab c”')
})
