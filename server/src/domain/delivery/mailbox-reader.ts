import { errorFields, type Log } from '../../observability/log.ts'
import type { Store } from '../../store/store.ts'
import type { Feed } from './feed.ts'

/**
 * Reads mailboxes for the feeds of this server. One read is under way at a time and takes every mailbox that was rung in
 * the meantime: an idle server reads at once, a busy one reads for many.
 */
export interface MailboxReader {
  /** Something may be new in this mailbox. */
  wake(deviceId: string): void
}

export function createMailboxReader(options: {
  readonly messages: Store['messages']
  readonly log: Log
  findFeed(deviceId: string): Feed | undefined
}): MailboxReader {
  const rung = new Set<string>()
  let reading = false

  function takePositions() {
    const positions = [...rung].flatMap((deviceId) => {
      const feed = options.findFeed(deviceId)
      const { after, room } = feed?.position() ?? { after: 0n, room: 0 }
      return feed !== undefined && room > 0 ? [{ feed, deviceId, after, max: room }] : []
    })
    rung.clear()
    return positions
  }

  async function readRung(): Promise<void> {
    for (let positions = takePositions(); positions.length > 0; positions = takePositions()) {
      const messages = await options.messages.read(positions)
      const byDevice = Map.groupBy(messages, ({ deviceId }) => deviceId)
      for (const { feed, deviceId, after, max } of positions) {
        const mine = byDevice.get(deviceId) ?? []
        feed.pushMessages(after, mine)
        if (mine.length === max) rung.add(deviceId)
      }
    }
  }

  async function run(): Promise<void> {
    try {
      await readRung()
    } catch (error) {
      // Nothing is lost: the look each second rings again.
      options.log.warn('mailbox-read-failed', errorFields(error))
    } finally {
      reading = false
    }
  }

  return {
    wake(deviceId) {
      rung.add(deviceId)
      if (reading) return
      reading = true
      setImmediate(() => void run())
    },
  }
}
