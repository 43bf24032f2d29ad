export type { RankedServer } from './api/chat-api.ts'
export type { ChatClientOptions, SignUpOptions } from './chat-client/chat-client-options.ts'
export type { Groups, NewGroup } from './chat-client/groups.ts'
export { ChatClient, openChatClient } from './chat-client.ts'
export type { DeviceKeys } from './crypto/device-keys.ts'
export {
  compareSafetyNumberQr,
  type QrComparison,
  type SafetyNumber,
} from './crypto/safety-number.ts'
export { normalizeUsername, type UsernameResult } from './crypto/username.ts'
export { ChatError, type ChatErrorCode, type ChatErrorDetails, chatErrorCodes } from './errors.ts'
export { memoryStorage } from './storage/memory-storage.ts'
export type {
  KeyRange,
  Storage,
  StorageChange,
  StorageLock,
  StoredEntry,
} from './storage/storage.ts'
export type { SignInResult } from './sync/access.ts'
export type { ApiAccess, ApiSample } from './sync/api-access.ts'
export type { ChatEvents, DeliveryNews, Transfer } from './sync/chat-events.ts'
export type { ConnectionState, ServerAddress, StopReason } from './sync/connection-machine.ts'
export type { MemberDelivery } from './sync/deliveries.ts'
export { maxFileBytes, maxImagePixels } from './sync/file-limits.ts'
export type { FileOf } from './sync/file-origins.ts'
export type { FileFacts, FileState } from './sync/file-view.ts'
export type {
  Group,
  GroupAction,
  GroupAlarm,
  GroupAlarmReason,
  GroupMember,
  GroupState,
} from './sync/groups/group-view.ts'
export { type KeyStore, memoryKeyStore, type StoredKeys } from './sync/key-store.ts'
export type { KnownPerson, LocalView, SealedCopy } from './sync/local-view.ts'
export type { TextContent } from './sync/message-content.ts'
export type {
  ChatMessage,
  Conversation,
  FileMessage,
  GroupChangeMessage,
  TextMessage,
  UnreadableMessage,
  UnsupportedMessage,
} from './sync/message-view.ts'
export type { OwnDevice, Person } from './sync/people.ts'
export { playgroundLink } from './sync/playground-link.ts'
export { safeFileName } from './sync/safe-file-name.ts'
export type { FileToSend } from './sync/send-file.ts'
export type { SendState } from './sync/send-state.ts'
export { type ImageType, type SniffedImage, sniffImage } from './sync/sniff-image.ts'
export { unreadableConversation } from './sync/timeline.ts'
