import {
  ChatError,
  type ChatEvents,
  type ChatMessage,
  type ConnectionState,
} from '@fastchat/client-core'
import type { CallName } from './calls.ts'

/** What every tab knows of the client, wherever it runs. */
export interface Status {
  readonly phase: 'starting' | 'signed-out' | 'signed-in'
  readonly username?: string
  readonly deviceId?: string
  readonly connection: ConnectionState
}

/** The client's own events, and what one tab did that the others have to show. */
export interface TabEvents extends ChatEvents {
  readonly sent: { readonly message: ChatMessage; readonly instead?: string }
  readonly noted: { readonly name: string; readonly text: string }
  /** Keys were accepted, a person was verified or looked up: pictures and marks may differ. */
  readonly 'people-changed': Record<string, never>
}

export type Wire =
  /** A new tab asks who has the client. */
  | { readonly kind: 'hello' }
  | {
      readonly kind: 'status'
      /** Which tab it is: another one knows nothing of what was asked before. */
      readonly writer: string
      readonly status: Status
      readonly serverNowMs: number
    }
  | {
      readonly kind: 'event'
      readonly name: keyof TabEvents
      readonly event: unknown
      readonly serverNowMs: number
    }
  | {
      readonly kind: 'call'
      readonly id: string
      readonly name: CallName
      readonly args: readonly unknown[]
    }
  | { readonly kind: 'answer'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: string; readonly error: WireError }

interface WireError {
  readonly code: ChatError['code'] | undefined
  readonly message: string
  readonly details: ChatError['details']
}

export function toWireError(error: unknown): WireError {
  if (error instanceof ChatError) {
    return { code: error.code, message: error.message, details: error.details }
  }
  return { code: undefined, message: String(error), details: {} }
}

export function fromWireError({ code, message, details }: WireError): Error {
  return code === undefined ? new Error(message) : new ChatError(code, message, details)
}
