import type { ChatClient, Group } from '../client.ts'

type Groups = ChatClient['groups']

/** Groups without a server: alice is admin of #team and a member of "#Reading club". */
export class FakeGroups implements Groups {
  readonly #calls: string[]
  #all: readonly Group[] = [
    groupOf({ name: 'Reading club', isAdmin: false }),
    groupOf({ name: 'team', isAdmin: true }),
  ]

  constructor(calls: string[]) {
    this.#calls = calls
  }

  async create({ name, members }: { readonly name: string; readonly members: readonly string[] }) {
    this.#calls.push(['create', name, ...members].join(' '))
    const group = groupOf({ name, isAdmin: true, with: members })
    this.#all = [...this.#all, group]
    return group
  }

  async list() {
    return this.#all
  }

  async get(groupId: string) {
    return this.#all.find(({ id }) => id === groupId)
  }

  async find(nameOrId: string) {
    const wanted = nameOrId.replace(/^#/, '').toLowerCase()
    const group = this.#all.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
    if (group === undefined) throw new Error(`There is no group ${nameOrId}.`)
    return group
  }

  readonly add: Groups['add'] = (groupId, names) => this.#note('add', groupId, names)
  readonly kick: Groups['kick'] = (groupId, name) => this.#note('kick', groupId, [name])
  readonly leave: Groups['leave'] = (groupId) => this.#note('leave', groupId)
  readonly handOver: Groups['handOver'] = (groupId, name) =>
    this.#note('hand-over', groupId, [name])
  readonly promote: Groups['promote'] = (groupId, name) => this.#note('promote', groupId, [name])
  readonly demote: Groups['demote'] = (groupId, name) => this.#note('demote', groupId, [name])
  readonly delete: Groups['delete'] = (groupId) => this.#note('delete', groupId)

  async rename(groupId: string, name: string) {
    return { ...(await this.#note('rename', groupId, [name])), name }
  }

  async #note(action: string, groupId: string, names: readonly string[] = []): Promise<Group> {
    const group = await this.find(groupId)
    this.#calls.push([action, group.name, ...names].join(' '))
    return group
  }
}

export function groupOf(given: {
  readonly name: string
  readonly isAdmin: boolean
  readonly with?: readonly string[]
}): Group {
  const id = `id-of-${given.name.toLowerCase().replaceAll(' ', '-')}`
  const others = given.with ?? ['bob']
  return {
    id,
    conversation: `group:${id}`,
    name: given.name,
    version: 1,
    members: [
      { username: 'alice', isAdmin: given.isAdmin },
      ...others.map((username) => ({ username, isAdmin: !given.isAdmin })),
    ],
    isAdmin: given.isAdmin,
    state: 'active',
  }
}
