import type { RosterEntryAnswer } from '../../api/chat-api.ts'
import { equalBytes } from '../../crypto/bytes.ts'
import { applyEntry, memberOf, type RosterState } from '../../crypto/roster.ts'
import { type RosterEntry, readRosterEntry } from '../../crypto/roster-entry.ts'
import { isSignedBy } from '../../crypto/roster-signature.ts'
import type { Directory, KnownKey } from '../directory.ts'
import type { GroupAlarmReason } from './group-view.ts'

/** An entry that counts, and when the server stored it. */
export interface ChainStep {
  readonly entry: RosterEntry
  readonly state: RosterState
  readonly createdAtMs: number
}

export interface VerifiedChain {
  /** As far as everything holds. */
  readonly steps: readonly ChainStep[]
  /** Why it goes no further than that. */
  readonly alarm?: GroupAlarmReason
}

export type KeyLookup = Pick<Directory, 'signingKey'>

/** The state before the first entry of somebody who was just added: whoever signed it vouches for it. */
export const onTrust = 'on-trust'

/**
 * Decides which entries count: each must follow from the one before by the rules, and be signed by
 * a device of its author. Where that device is unknown here, a later entry may vouch for it: by its
 * hashes a listed device of somebody who was a member before says that the chain is what it was.
 */
export async function verifyChain(
  base: RosterState | null | typeof onTrust,
  answers: readonly RosterEntryAnswer[],
  directory: KeyLookup,
): Promise<VerifiedChain> {
  const keyOf = askingOnce(directory)
  const steps: ChainStep[] = []
  /** Who was in the group before the first entry that waits for somebody to vouch for it. */
  let vouchers: RosterState | undefined
  let counted = 0
  const until = (alarm: GroupAlarmReason) => ({ steps: steps.slice(0, counted), alarm })

  for (const { entry: bytes, signature, createdAtMs } of answers) {
    const entry = await readRosterEntry(bytes)
    if (entry === undefined) return until('bad-entry')
    const before = steps.at(-1)?.state ?? base
    const state = before === onTrust ? entry : nextState(before, entry)
    if (state === undefined) return until('bad-entry')

    const authority = before === onTrust || before === null ? entry : before
    const known = await keyOf(entry)
    const problem = known && (await problemOf(authority, known, { entry, signature }))
    if (problem !== undefined) return until(problem)

    steps.push({ entry, state: stateOf(state), createdAtMs })
    if (known === undefined) vouchers ??= authority
    const isVouched =
      vouchers === undefined ||
      (known?.isListed === true && memberOf(vouchers, entry.author) !== undefined)
    if (isVouched) {
      vouchers = undefined
      counted = steps.length
    }
  }
  return counted === steps.length ? { steps } : until('bad-entry')
}

/** A long chain of one device must not make as many look-ups. */
function askingOnce(directory: KeyLookup) {
  const answers = new Map<string, ReturnType<KeyLookup['signingKey']>>()
  return ({ author, authorDevice }: RosterEntry) => {
    const device = `${author} ${authorDevice}`
    const answer = answers.get(device) ?? directory.signingKey(author, authorDevice)
    answers.set(device, answer)
    return answer
  }
}

/** What is wrong with the signature of an entry whose device is known. */
async function problemOf(
  authority: Pick<RosterState, 'members'>,
  { key, identityKey }: KnownKey,
  signed: { readonly entry: RosterEntry; readonly signature: RosterEntryAnswer['signature'] },
): Promise<GroupAlarmReason | undefined> {
  const author = memberOf(authority, signed.entry.author)
  if (author !== undefined && !equalBytes(author.identityKey, identityKey)) return 'key-changed'
  return (await isSignedBy(key, signed)) ? undefined : 'bad-entry'
}

function nextState(before: RosterState | null, entry: RosterEntry): RosterState | undefined {
  const application = applyEntry(before, entry)
  return application.kind === 'applied' ? application.state : undefined
}

function stateOf({ group, version, hash, name, members }: RosterState): RosterState {
  return { group, version, hash, name, members }
}
