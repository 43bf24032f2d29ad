import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Bus, Note, NotedMessage } from './bus.ts'

export interface BusUnderTest {
  /** A bus for one server, connected to the others of this test. */
  open(serverId: number): Promise<Bus>
  close(): Promise<void>
}

/** What every bus must do. Delivery itself is a hope, so the tests wait for a note that comes after. */
export function testBusContract(name: string, start: () => Promise<BusUnderTest>): void {
  test(`${name}: a note reaches the server it was sent to, and no other`, async () => {
    const buses = await start()
    const [one, two, three] = await Promise.all([buses.open(1), buses.open(2), buses.open(3)])
    const [atTwo, atThree] = [collect(two), collect(three)]
    const [note, last] = [mailboxNote(), mailboxNote()]

    one.send(2, note)
    one.send(3, last)
    await atThree.until(last)
    await atTwo.until(note)

    assert.deepEqual(atThree.notes, [last])
    await buses.close()
  })

  test(`${name}: a note to oneself arrives, after the call has returned`, async () => {
    const buses = await start()
    const one = await buses.open(1)
    const atOne = collect(one)
    const note = mailboxNote()

    one.send(1, note)
    const before = atOne.notes.length
    await atOne.until(note)

    assert.equal(before, 0)
    await buses.close()
  })

  test(`${name}: a broadcast reaches every server once, the sender included`, async () => {
    const buses = await start()
    const [one, two, three] = await Promise.all([buses.open(1), buses.open(2), buses.open(3)])
    const ears = [one, two, three].map(collect)
    const note: Note = { kind: 'session-revoked', sessionId: randomUUID() }
    const last = mailboxNote()

    one.broadcast(note)
    await Promise.all(ears.map((ear) => ear.until(note)))
    two.broadcast(last)
    await Promise.all(ears.map((ear) => ear.until(last)))

    for (const ear of ears)
      assert.equal(ear.notes.filter(({ kind }) => kind === 'session-revoked').length, 1)
    await buses.close()
  })

  test(`${name}: every kind of note arrives as it was`, async () => {
    const buses = await start()
    const [one, two] = await Promise.all([buses.open(1), buses.open(2)])
    const atTwo = collect(two)
    const notes: Note[] = [
      mailboxNote(),
      {
        kind: 'outcomes',
        senderDeviceId: randomUUID(),
        deviceId: randomUUID(),
        messageIds: Array.from({ length: 200 }, () => randomUUID()),
        state: 'EXPIRED',
        at: Date.now(),
      },
      {
        kind: 'outcomes',
        senderDeviceId: randomUUID(),
        deviceId: randomUUID(),
        messageIds: [randomUUID()],
        state: 'DELIVERED',
        at: 0,
      },
      { kind: 'attachment', deviceId: randomUUID(), attachmentId: randomUUID() },
      { kind: 'session-revoked', sessionId: randomUUID() },
      { kind: 'devices', clientId: randomUUID(), username: 'a.b-c_9', version: 12_345 },
      { kind: 'group', groupId: randomUUID(), version: 12_345, clientIds: [] },
      {
        kind: 'group',
        groupId: randomUUID(),
        version: 2 ** 31 - 1,
        clientIds: Array.from({ length: 256 }, () => randomUUID()),
      },
    ]

    for (const note of notes) one.send(2, note)
    for (const note of notes) await atTwo.until(note)

    assert.equal(atTwo.notes.length, notes.length)
    await buses.close()
  })

  test(`${name}: a message arrives as it was, or rings for its reader to look`, async () => {
    const buses = await start()
    const [one, two] = await Promise.all([buses.open(1), buses.open(2)])
    const copies = Array.from({ length: 256 }, (_, index) => {
      return {
        deviceId: randomUUID(),
        seq: 36n ** 11n + BigInt(index),
        wrappedKey: randomBytes(384),
      }
    })
    const message = { ...notedMessage(96 * 1024), copies }
    const [atTwo, last] = [collect(two), mailboxNote()]

    one.send(2, { kind: 'message', message })
    one.send(2, last)
    await atTwo.until(last)

    const [note] = atTwo.notes
    if (note?.kind === 'message') assert.deepEqual(note.message, message)
    else {
      const rung = atTwo.notes.map((one) => one.kind === 'mailbox' && one.deviceId)
      assert.deepEqual(
        rung.slice(0, -1),
        copies.map(({ deviceId }) => deviceId),
      )
    }
    await buses.close()
  })

  test(`${name}: more messages than go together arrive, and none costs another`, async () => {
    const buses = await start()
    const [one, two] = await Promise.all([buses.open(1), buses.open(2)])
    const [atTwo, last] = [collect(two), mailboxNote()]
    const messages = Array.from({ length: 60 }, () => notedMessage(96 * 1024))

    for (const message of messages) one.send(2, { kind: 'message', message })
    one.send(2, last)
    await atTwo.until(last)

    assert.equal(atTwo.notes.length, messages.length + 1)
    await buses.close()
  })

  test(`${name}: a burst of 5,000 notes arrives, and nobody hears the same one twice`, async () => {
    const buses = await start()
    const [one, two] = await Promise.all([buses.open(1), buses.open(2)])
    const atTwo = collect(two)
    const notes = Array.from({ length: 5000 }, mailboxNote)

    for (const note of notes) one.send(2, note)
    for (const note of notes) await atTwo.until(note)

    assert.equal(atTwo.notes.length, notes.length)
    await buses.close()
  })

  test(`${name}: a server that is away loses its notes and nobody else's`, async () => {
    const buses = await start()
    const [one, two, three] = await Promise.all([buses.open(1), buses.open(2), buses.open(3)])
    const atThree = collect(three)
    await two.close()
    const note = mailboxNote()

    one.send(2, mailboxNote())
    one.send(3, note)
    await atThree.until(note)
    const again = collect(await buses.open(2))
    const later = mailboxNote()
    one.send(2, later)
    await again.until(later)

    assert.deepEqual(again.notes, [later])
    await buses.close()
  })

  test(`${name}: a listener that has ended hears nothing more`, async () => {
    const buses = await start()
    const [one, two] = await Promise.all([buses.open(1), buses.open(2)])
    const [ended, kept] = [collect(two), collect(two)]
    const note = mailboxNote()

    ended.stop()
    one.send(2, note)
    await kept.until(note)

    assert.deepEqual(ended.notes, [])
    await buses.close()
  })

  test(`${name}: sending on a closed bus is no error`, async () => {
    const buses = await start()
    const one = await buses.open(1)

    await one.close()
    one.send(2, mailboxNote())
    one.broadcast(mailboxNote())

    assert.equal(one.state(), 'down')
    await buses.close()
  })
}

function notedMessage(bytes: number): NotedMessage {
  return {
    senderDeviceId: randomUUID(),
    senderServer: 5,
    messageId: randomUUID(),
    acceptedAt: new Date(1_700_000_000_123),
    expiresAt: new Date(1_700_000_120_123),
    envelope: randomBytes(bytes),
    copies: [{ deviceId: randomUUID(), seq: 1n, wrappedKey: randomBytes(384) }],
  }
}

export function mailboxNote(): Note {
  return { kind: 'mailbox', deviceId: randomUUID() }
}

const keyOf = (note: Note) =>
  note.kind === 'message' ? note.message.messageId : JSON.stringify(note)

export function collect(bus: Bus) {
  const notes: Note[] = []
  const seen = new Set<string>()
  let wake = () => {}
  const stop = bus.listen((note) => {
    notes.push(note)
    seen.add(keyOf(note))
    wake()
  })
  return {
    notes,
    stop,
    async until(note: Note): Promise<void> {
      const wanted = keyOf(note)
      const deadline = AbortSignal.timeout(10_000)
      while (!seen.has(wanted)) {
        if (deadline.aborted)
          throw new Error(`${wanted} did not arrive; ${notes.length} other notes did.`)
        await new Promise<void>((resolve) => {
          wake = resolve
          deadline.addEventListener('abort', () => resolve(), { once: true })
        })
      }
    },
  }
}
