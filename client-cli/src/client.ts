import type { ChatClient as CoreClient, Groups } from '@fastchat/client-core'

export type {
  ChatEvents,
  ChatMessage as Message,
  ConnectionState,
  FileMessage,
  Group,
  GroupAlarmReason,
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
  | 'sendAgain'
  | 'sendFile'
  | 'readFile'
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
  | 'apiAccess'
> & { readonly groups: Pick<Groups, keyof Groups> }
