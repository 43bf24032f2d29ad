import type { Bytes, Username } from '../../brands.ts'
import { encodeCanonical } from '../../crypto/canonical-cbor.ts'
import {
  isGroupName,
  maxMembers,
  type RosterAction,
  rosterActions,
} from '../../crypto/roster-entry.ts'
import { list, oneOf, parseCanonical, record, text } from '../../crypto/shape.ts'
import { isUsername } from '../../crypto/username.ts'

/** What the line in a conversation says of a change of its group. */
export interface ChangeLine {
  readonly action: RosterAction
  readonly subjects: readonly Username[]
  /** The group's name since then. */
  readonly name: string
}

const lineShape = record({
  action: oneOf(...rosterActions),
  subjects: list(text(isUsername), maxMembers),
  name: text(isGroupName),
})

export function encodeChange({ action, subjects, name }: ChangeLine): Bytes {
  return encodeCanonical({ action, subjects, name })
}

/** Only of what this device has written itself. */
export function decodeChange(content: Bytes): ChangeLine {
  return parseCanonical(content, lineShape) as ChangeLine
}
