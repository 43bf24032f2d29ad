import { ChatError } from '../../errors.ts'
import type { Group } from './group-view.ts'

/** By id, or by name without regard to case and to a leading `#`. */
export function findGroup(groups: readonly Group[], nameOrId: string): Group {
  const byId = groups.find(({ id, conversation }) => id === nameOrId || conversation === nameOrId)
  if (byId !== undefined) return byId
  const named = groups.filter(({ name }) => isSameName(name, nameOrId))
  // Somebody who left a group and made another of its name means the one that is alive.
  const alive = named.filter(({ state }) => state === 'active' || state === 'untrusted')
  const [group, ...others] = alive.length > 0 ? alive : named
  if (group === undefined) {
    throw new ChatError('NOT_FOUND', 'You are in no group of this name. List your groups.')
  }
  if (others.length > 0) {
    throw new ChatError('CONFLICT', 'Several of your groups have this name. Use the id of one.')
  }
  return group
}

function isSameName(name: string, typed: string): boolean {
  const wanted = folded(typed)
  return folded(name) === wanted || `#${folded(name)}` === wanted
}

function folded(name: string): string {
  return name.trim().normalize('NFC').toLowerCase()
}
