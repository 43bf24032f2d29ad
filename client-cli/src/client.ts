import type { ChatClient as CoreClient } from '@fastchat/client-core'

export type {
  ChatEvents,
  ChatMessage as Message,
  ConnectionState,
  Person,
  RankedServer,
  SendState,
  StopReason,
} from '@fastchat/client-core'

/** What the terminal uses of a client. By name, because a class with private parts has no stand-in. */
export type ChatClient = Pick<
  CoreClient,
  | 'username'
  | 'connection'
  | 'serverNowMs'
  | 'connected'
  | 'send'
  | 'on'
  | 'conversations'
  | 'history'
  | 'lookUp'
  | 'search'
  | 'safetyNumber'
  | 'verify'
  | 'acceptKey'
  | 'devices'
  | 'revokeDevice'
  | 'servers'
>
