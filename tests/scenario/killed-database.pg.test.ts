import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withThrowAwayPostgres } from '../../tools/postgres/throw-away.ts'
import { startPostgres } from '../../tools/postgres.ts'
import { sendStored, someoneIsAway } from '../support/absence.ts'
import { startCluster } from '../support/cluster.ts'
import { collect } from '../support/collect.ts'
import { startConversation } from '../support/conversation.ts'
import { openClient } from '../support/people.ts'

test('a database that is killed keeps what was acknowledged, and traffic goes on when it is back', () =>
  withThrowAwayPostgres(async (postgres) => {
    await using cluster = await startCluster({ servers: 2, postgresUrl: postgres.url })
    const { writers, away } = await someoneIsAway(cluster, 'dave', ['carol'])
    const [carol] = writers
    assert.ok(carol)
    const conversation = await startConversation(cluster)
    await conversation.untilFlows(10)

    const stored = ['before 1', 'before 2', 'before 3']
    for (const text of stored) await sendStored(carol, 'dave', text)
    const pids = cluster.serverIds.map((id) => cluster.pid(id))
    await postgres.kill9()
    // Written while nothing can be stored: it waits on the sender's disk.
    await carol.send('dave', { text: 'during' })
    await startPostgres({ dataFolder: postgres.dataFolder })
    await conversation.untilFlows(10)

    const dave = await openClient(cluster.url, away)
    const heard = collect(dave)
    await dave.resume()
    await heard.untilText('during')
    assert.deepEqual(heard.texts(), [...stored, 'during'])
    await conversation.endsWell()
    // No server had to be started again.
    for (const pid of pids) assert.equal(process.kill(pid, 0), true)
    await Promise.all([carol.close(), dave.close()])
  }))
