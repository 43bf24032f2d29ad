// The document FastChat began as, section by section: real programs in pseudo-terminals, five real servers, PostgreSQL.
import assert from 'node:assert/strict'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { pngWithSecrets } from '../../client-cli/src/images/testing/pictures.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { openSql, type Sql } from '../support/sql.ts'
import { untilTrue } from '../support/until.ts'
import { hasPty, openPty, type Pty } from './support/pty.ts'
import { passphrase, sitDown } from './support/sit-down.ts'

const options = { skip: hasPty ? false : 'there is no pseudo-terminal to be had here' }
const ttlSeconds = 12

let cluster: Cluster
let sql: Sql
let alice: Pty
let bob: Pty
let carol: Pty

before(async () => {
  if (!hasPty) return
  cluster = await startCluster({ ttlSeconds })
  sql = await openSql(cluster.databaseUrl)
  alice = await sitDown('alice', cluster.url)
  bob = await sitDown('bob', cluster.url)
  carol = await sitDown('carol', cluster.url)
})

after(async () => {
  for (const pty of [alice, bob, carol]) await pty?.[Symbol.asyncDispose]()
  await sql?.[Symbol.asyncDispose]()
  await cluster?.close()
})

test(
  '1: signing up and in, three chances for a wrong password, and a status that is true',
  options,
  async () => {
    alice.enter('/who bob')
    await alice.sees(/bob is on-line/)
    bob.enter('/Exit')
    assert.equal(await bob.ended, 0)
    await untilTrue('bob is shown off-line', async () => {
      alice.enter('/who bob')
      return (await alice.sees(/bob is (on|off)-line/))[1] === 'off'
    })

    // Somebody else at bob's account, on a device of their own.
    await using mallory = await openPty(['--plain'], { server: cluster.url })
    await mallory.sees(/1 new account, 2 sign in/)
    mallory.enter('2')
    await mallory.sees(/Name:/)
    mallory.enter('bob')
    for (const left of [2, 1]) {
      await mallory.sees(/Password:/)
      mallory.enter('not the password')
      await mallory.sees(new RegExp(`${left} (try|tries|more|attempts?)`, 'i'))
    }
    await mallory.sees(/Password:/)
    mallory.enter('not the password')
    assert.notEqual(await mallory.ended, 0)

    await using again = await openPty(['--plain'], {
      server: cluster.url,
      env: { FASTCHAT_HOME: path.join(bob.folder, 'files') },
    })
    await again.sees(/Password of profile default:/)
    again.enter(passphrase)
    await again.sees(/You are bob/)
    await again.sees(/Connected to server/)
    again.enter('/exit')
    assert.equal(await again.ended, 0)
  },
)

test(
  '2: one database keeps the accounts, the groups and what is undelivered, and no password',
  options,
  async () => {
    const tables = await sql.rows<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    )
    const names = tables.map(({ name }) => name)
    for (const name of ['clients', 'groups', 'group_members', 'msg_store'])
      assert.ok(names.includes(name), name)
    const [row] = await sql.rows("SELECT * FROM clients WHERE username = 'alice'")
    assert.ok(!JSON.stringify(row).includes(passphrase))
  },
)

test('3: a direct message between two clients, by the questions of /Send', options, async () => {
  bob = await comeBack(bob)
  alice.enter('/Send')
  await alice.sees(/To whom\?/)
  alice.enter('bob')
  await alice.sees(/Message\?/)
  alice.enter('are we still on?')
  await bob.sees(/alice │ are we still on\?/)
  await alice.sees(/delivered/)
})

test(
  '4: a group is made, grows, talks, loses somebody, changes its admin, and ends',
  options,
  async () => {
    alice.enter('/Creategrp')
    await alice.sees(/What shall the group be called\?/)
    alice.enter('hikers')
    await alice.sees(/goes to #hikers/)
    for (const name of ['bob', 'carol']) {
      alice.enter(`/Addmember hikers ${name}`)
      await alice.sees(new RegExp(`${name} can read #hikers from now on`))
    }
    await bob.sees(/#hikers │ alice made the group|alice added bob/)
    await carol.sees(/alice added carol/)

    alice.enter('/Sendgrp hikers who brings the map?')
    await bob.sees(/alice #hikers │ who brings the map\?/)
    await carol.sees(/alice #hikers │ who brings the map\?/)
    carol.enter('/sendgrp hikers I do')
    await alice.sees(/carol #hikers │ I do/)

    // In the original a kick took the member out of every group.
    alice.enter('/creategrp cooks bob')
    await alice.sees(/goes to #cooks/)
    await bob.sees(/alice made the group with bob/)
    alice.enter('/kick hikers bob')
    await alice.sees(/bob is out of #hikers/)
    await bob.sees(/alice removed bob/)
    alice.enter('/sendgrp hikers without bob now')
    await carol.sees(/without bob now/)
    alice.enter('/sendgrp cooks bob is still here')
    // What comes next for bob is this, and not what was said without him.
    assert.match((await bob.sees(/alice #(\w+) │ .*/))[0], /#cooks │ bob is still here/)
    bob.enter('/sendgrp hikers let me in')
    await bob.sees(/removed|not in|no longer|member/i)

    alice.enter('/Changeadmin hikers carol')
    await alice.sees(/carol is admin of #hikers now/)
    await carol.sees(/alice made carol admin/)
    alice.enter('/kick hikers carol')
    await alice.sees(/admin/i)
    alice.enter('/Leavegrp hikers')
    await alice.sees(/You have left #hikers/)
    await carol.sees(/alice left/)
    carol.enter('/Deletegrp hikers')
    await carol.sees(/Type its name once more:/)
    carol.enter('hikers')
    await carol.sees(/#hikers is deleted/)
    carol.enter('/groups')
    await carol.sees(/#hikers .*deleted/)
  },
)

test(
  '5: what was sent while somebody was away comes once they are back, within the time and not after',
  options,
  async () => {
    bob.enter('/Exit')
    assert.equal(await bob.ended, 0)
    alice.enter('/send bob you can still get this')
    await untilTrue('it waits in the database', async () => (await waiting()) > 0)
    bob = await comeBack(bob)
    await bob.sees(/alice │ you can still get this/)
    await untilTrue('nothing waits any more', async () => (await waiting()) === 0)

    bob.enter('/Exit')
    assert.equal(await bob.ended, 0)
    alice.enter('/send bob you will never get this')
    await alice.sees(/expired.*you will never get this|did not fetch it in time/)
    assert.equal(await waiting(), 0)
    bob = await comeBack(bob, /1 message was deleted while you were away/)
  },
)

test(
  '6: keys are made on the device and stay there; what is sent lies sealed at the servers',
  options,
  async () => {
    const keyFile = path.join(alice.folder, 'files/config/profiles/default/key.json')
    assert.equal((await stat(keyFile)).mode & 0o777, 0o600)
    assert.doesNotMatch(await readFile(keyFile, 'utf8'), /PRIVATE KEY|"d":/)

    bob.enter('/Exit')
    assert.equal(await bob.ended, 0)
    alice.enter('/send bob the marker is zanzibar-4711')
    await untilTrue('it waits in the database', async () => (await waiting()) > 0)
    const bodies = await sql.rows<{ envelope: Buffer }>('SELECT envelope FROM msg_bodies')
    assert.ok(bodies.length > 0)
    for (const { envelope } of bodies) assert.ok(!envelope.includes('zanzibar'))
    bob = await comeBack(bob)
    await bob.sees(/alice │ the marker is zanzibar-4711/)
  },
)

test('7: the balancer pings five servers and the fastest comes first', options, async () => {
  alice.enter('/servers')
  const pings: number[] = []
  for (let index = 0; index < 5; index += 1) {
    const [, id, ping] = await alice.sees(/(?:srv-|server )?(\d) +up +([\d.]+) ms/i)
    assert.ok(Number(id) >= 1 && Number(id) <= 5)
    pings.push(Number(ping))
  }
  assert.equal(pings.length, 5)
})

test(
  '8: an image goes by its path, sealed, and is saved under a name of its own',
  options,
  async () => {
    const picture = await pngWithSecrets()
    await writeFile(path.join(alice.folder, 'map.png'), picture)
    alice.enter('/Sendimg')
    await alice.sees(/To whom\?/)
    alice.enter('bob')
    await alice.sees(/Which image\?/)
    alice.enter('map.png')
    await bob.sees(/alice │ .*map\.png/)
    await alice.sees(/delivered/)
    bob.enter('/save alice')
    const [, saved = ''] = await bob.sees(/Saved as (.+\.png)/)

    const bytes = await readFile(saved.trim())
    assert.deepEqual(
      [...bytes.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join(''),
      'PNG',
    )
    assert.equal(path.basename(path.dirname(saved.trim())), 'downloads')
    bob.enter('/save alice')
    await bob.sees(/Saved as .*map \(1\)\.png/)
    assert.equal((await readdir(path.dirname(saved.trim()))).length, 2)
  },
)

test('/Help shows every command of the document, and /Exit leaves', options, async () => {
  carol.enter('/Help')
  const [page] = await carol.sees(/\/Send [\s\S]*Capital letters do not matter/)
  for (const name of seedCommands) assert.match(page, new RegExp(`^ *(› )?/${name}\\b`, 'm'))
  carol.enter('/Exit')
  assert.equal(await carol.ended, 0)
})

const seedCommands = [
  ...['Send', 'Creategrp', 'Addmember', 'Sendgrp', 'kick', 'Leavegrp', 'Changeadmin', 'Sendimg'],
  ...['Deletegrp', 'Help', 'Exit'],
]

function waiting(): Promise<number> {
  return sql.count('SELECT count(*) FROM msg_store')
}

/** The same device again: its keys and messages lie where they were. */
async function comeBack(before: Pty, says = /Connected to server/): Promise<Pty> {
  const again = await openPty(['--plain'], {
    server: cluster.url,
    env: {
      FASTCHAT_HOME: path.join(before.folder, 'files'),
      XDG_DOWNLOAD_DIR: path.join(before.folder, 'downloads'),
    },
  })
  await again.sees(/Password of profile default:/)
  again.enter(passphrase)
  await again.sees(says)
  return {
    ...again,
    folder: before.folder,
    async [Symbol.asyncDispose]() {
      await again[Symbol.asyncDispose]()
      await before[Symbol.asyncDispose]()
    },
  }
}
