import { ChatError } from '../errors.ts'
import type { RecordStore, Transaction } from './record-store.ts'
import type { FileOrigin } from './records.ts'

/** A message with a file: by its id, or exactly, as the message itself. */
export type FileOf = string | { readonly id: string; readonly from: string }

export async function addOrigin(transaction: Transaction, origin: FileOrigin): Promise<void> {
  const known = await transaction.get('fileOrigins', { name: origin.id })
  const origins = [...(known?.origins ?? []), origin]
  transaction.put('fileOrigins', { name: origin.id }, { origins })
}

export async function removeOrigin(
  transaction: Transaction,
  { id, fromDevice }: Pick<FileOrigin, 'id' | 'fromDevice'>,
): Promise<void> {
  const known = await transaction.get('fileOrigins', { name: id })
  const origins = (known?.origins ?? []).filter((origin) => origin.fromDevice !== fromDevice)
  if (origins.length > 0) transaction.put('fileOrigins', { name: id }, { origins })
  else transaction.delete('fileOrigins', { name: id })
}

/**
 * Returns `undefined`, does not throw, if there is no such message. Refuses an id alone that two
 * people use: whoever copies an id must not have their file taken for the other's.
 */
export async function findOrigin(
  store: RecordStore,
  which: FileOf,
): Promise<FileOrigin | undefined> {
  const { id, from } = typeof which === 'string' ? { id: which, from: undefined } : which
  const all = (await store.get('fileOrigins', { name: id }))?.origins ?? []
  const [first, ...others] = all.filter((origin) => from === undefined || origin.from === from)
  if (others.length === 0) return first
  throw new ChatError('CONFLICT', 'Several messages have this id. Say whose you mean.')
}
