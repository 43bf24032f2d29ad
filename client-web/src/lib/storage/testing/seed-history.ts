// Runs in a browser, where the app is not open: writes a long conversation into its storage.
import type { Username } from '../../../../../client-core/src/brands.ts'
import { conversationOf } from '../../../../../client-core/src/sync/addressing.ts'
import { encodeText } from '../../../../../client-core/src/sync/message-content.ts'
import { openRecordStore } from '../../../../../client-core/src/sync/record-store.ts'
import { Timeline } from '../../../../../client-core/src/sync/timeline.ts'
import { openDatabase } from '../database.ts'
import { idbKeyStore } from '../idb-key-store.ts'
import { idbStorage } from '../idb-storage.ts'

export interface Seed {
  readonly me: string
  readonly peer: string
  readonly count: number
}

/** "message 1" to "message 5000", by turns, each a minute after the one before. */
export async function seedHistory({ me, peer, count }: Seed): Promise<void> {
  const database = await openDatabase('fastchat')
  const keys = await idbKeyStore(database).load()
  if (keys === undefined) throw new Error('Nobody has signed in with this browser.')
  const store = await openRecordStore(idbStorage(database), keys.storageKey)
  const timeline = new Timeline(store, { nowMs: () => Date.now() })
  const conversation = conversationOf(me as Username, peer)
  const startMs = Date.now() - (count + 1) * 60_000
  await store.update(async (transaction) => {
    for (let number = 1; number <= count; number++) {
      const atMs = startMs + number * 60_000
      const isMine = number % 2 === 0
      await timeline.append(transaction, {
        kind: 'text',
        id: `seeded ${String(number).padStart(6, '0')}`,
        conversation,
        peer: peer as Username,
        from: (isMine ? me : peer) as Username,
        fromDevice: `the device of ${isMine ? me : peer}`,
        content: encodeText({ text: textOf(number) }),
        sentAtMs: atMs,
        acceptedAtMs: atMs,
        isMissingBefore: false,
        isLate: false,
      })
    }
  })
  await store.close()
  database.close()
}

/** Of one to four lines, so that no guess of their height is right. */
function textOf(number: number): string {
  return `message ${number}${'\nand one more line'.repeat(number % 4)}`
}
