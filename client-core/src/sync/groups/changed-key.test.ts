import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDeviceList } from '../../crypto/device-list-changes.ts'
import { until } from '../../testing/fake-clock.ts'
import { settledOf, startGroup } from '../../testing/groups.ts'
import { texts, type World } from '../../testing/people.ts'
import { person } from '../../testing/vectors/people.ts'

test('a message waits while a member has another key on offer, and goes when it is the old one again', async () => {
  const { world, alice, carol, group } = await startGroup()
  const honest = world.service.account('bob')
  await swapBob(world)
  await alice.lookUp('bob')

  const { id } = await alice.send(group.conversation, { text: 'wait for it' })
  await until(world.clock, 'it is held', async () => (await stateOf()) === 'held')
  assert.ok(!(await texts(carol, group.conversation)).includes('wait for it'))
  world.service.unsafeReplaceAccount(honest)
  await alice.lookUp('bob')

  assert.deepEqual(await settledOf(world, alice, id), { kind: 'delivered' })

  async function stateOf() {
    const message = (await alice.history(group.conversation)).at(-1)
    return message && 'state' in message ? message.state?.kind : undefined
  }
})

test('a member whose new key was accepted is taken out of the group and brought in anew', async () => {
  const { world, alice, carol, group } = await startGroup()
  const reasons: string[] = []
  alice.on('group-alarm', ({ reason }) => reasons.push(reason))
  await swapBob(world)
  await alice.lookUp('bob')
  const { id } = await alice.send(group.conversation, { text: 'for the old bob' })
  await alice.acceptKey('bob')

  // The group still names the old key: nobody but its members can say that the new one belongs.
  assert.deepEqual(await settledOf(world, alice, id), {
    kind: 'failed',
    reason: 'UNTRUSTED_ANSWER',
  })
  assert.deepEqual(reasons, ['key-changed'])
  await assert.rejects(alice.groups.rename(group.id, 'X'), { code: 'UNTRUSTED_ANSWER' })
  const without = await alice.groups.kick(group.id, 'bob')
  assert.equal(without.state, 'active')
  const again = await alice.groups.add(group.id, ['bob'])
  assert.deepEqual([again.state, again.members.length], ['active', 3])

  await alice.send(group.conversation, { text: 'for the new bob' })
  await carol.lookUp('bob')
  await carol.acceptKey('bob')
  await until(world.clock, 'carol reads it', async () =>
    (await texts(carol, group.conversation)).includes('for the new bob'),
  )
})

/** From now on the service says that bob's account has another identity key. */
async function swapBob({ service }: World): Promise<void> {
  const { identity, devices } = await person('dave')
  const bob = service.account('bob')
  const swapped = await createDeviceList(identity, bob.list.username, devices[0])
  const { bytes: deviceList, signature: deviceListSignature, list } = swapped
  service.unsafeReplaceAccount({ ...bob, deviceList, deviceListSignature, list })
}
