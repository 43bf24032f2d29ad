import assert from 'node:assert/strict'
import { test } from 'node:test'
import { playgroundLink } from './playground-link.ts'

const access = { url: 'http://127.0.0.1:4001', token: 'a token', attachmentId: 'an attachment' }

function filledIn(link: string): unknown {
  const { hash } = new URL(link)
  return JSON.parse(Buffer.from(hash.slice(1), 'base64url').toString('utf8'))
}

test('what the examples need stands behind the #, and nowhere else in the link', () => {
  const sample = { clientMessageId: 'an id', envelope: 'sealed', to: [] }
  const link = playgroundLink({ ...access, sample }, 'bob')

  assert.equal(new URL(link).origin, access.url)
  assert.equal(new URL(link).pathname, '/playground')
  assert.equal(new URL(link).search, '')
  assert.deepEqual(filledIn(link), {
    token: 'a token',
    attachmentId: 'an attachment',
    username: 'bob',
    sample,
    sampleIds: ['an id'],
  })
})

test("an operator's token is filled in only if it was given", () => {
  assert.deepEqual(Object.keys(filledIn(playgroundLink(access, 'bob')) as object), [
    'token',
    'attachmentId',
    'username',
  ])
  const link = playgroundLink(access, 'bob', 'an operator')
  assert.equal((filledIn(link) as { operatorToken: string }).operatorToken, 'an operator')
})
