export { ChatError, type ChatErrorCode, type ChatErrorDetails, chatErrorCodes } from './errors.ts'
export { memoryStorage } from './storage/memory-storage.ts'
export type {
  KeyRange,
  Storage,
  StorageChange,
  StorageLock,
  StoredEntry,
} from './storage/storage.ts'
export { type KeyStore, memoryKeyStore, type StoredKeys } from './sync/key-store.ts'
