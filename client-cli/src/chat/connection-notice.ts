import type { ConnectionState, StopReason } from '../client.ts'
import type { Marks } from '../text/marks.ts'

/** What the person last heard about the connection. */
export type Heard =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'connected'; readonly serverId: string }
  | { readonly kind: 'offline'; readonly serverId: string | undefined }
  | { readonly kind: 'stopped' }

export interface ConnectionNews {
  readonly heard: Heard
  /** A line for the person, or `undefined` if nothing happened that matters to them. */
  readonly notice: string | undefined
}

export const stopNotice: { readonly [Reason in StopReason]: string } = {
  replaced: 'Another FastChat uses this device now. This one has stopped.',
  'session-ended': 'You are signed out on this device. Sign in again with: fastchat signin',
  'storage-failed': 'What is said can no longer be kept on this disk. Make room and start again.',
}

/** Between two servers there may be a moment without one; only a second failure is worth telling. */
export function connectionNews(heard: Heard, state: ConnectionState, marks: Marks): ConnectionNews {
  const before = heard.kind === 'connected' || heard.kind === 'offline' ? heard.serverId : undefined
  switch (state.kind) {
    case 'live': {
      const serverId = state.server.id
      if (heard.kind === 'connected' && heard.serverId === serverId)
        return { heard, notice: undefined }
      const moved =
        before === undefined || before === serverId
          ? ''
          : `, moved from server ${before}; nothing is lost`
      return {
        heard: { kind: 'connected', serverId },
        notice: `${marks.up} Connected to server ${serverId}${moved}.`,
      }
    }
    case 'waiting': {
      if (heard.kind === 'offline' || state.attempt < 2) return { heard, notice: undefined }
      return {
        heard: { kind: 'offline', serverId: before },
        notice: `${marks.down} No server answers. Trying again; what you write is kept and sent later.`,
      }
    }
    case 'stopped':
      return {
        heard: { kind: 'stopped' },
        notice: `${marks.down} ${stopNotice[state.reason]}`,
      }
    case 'idle':
    case 'choosing':
    case 'connecting':
    case 'attaching':
      return { heard, notice: undefined }
  }
}
