import { openConnected } from '../account/open-connected.ts'
import type { ChatClient, Group } from '../client.ts'
import { groupTitle } from '../commands/groups/group-parameter.ts'
import { groupLines } from '../commands/groups/show-groups.ts'
import type { GlobalOptions, GroupAction } from '../program.ts'
import { settingsFrom } from '../settings.ts'
import type { Terminal } from '../terminal.ts'
import { safeJson, safeLine } from '../text/safe-text.ts'

type Groups = ChatClient['groups']

/** What each action does; commander has seen to it that every name is there. */
const actions: Readonly<
  Record<GroupAction, (groups: Groups, names: readonly string[]) => Promise<readonly Group[]>>
> = {
  list: (groups) => groups.list(),
  members: async (groups, [group = '']) => [await groups.find(group)],
  new: async (groups, [name = '', ...members]) => [
    await groups.create({ name: name.replace(/^#/, ''), members }),
  ],
  add: (groups, [group = '', ...names]) => change(groups, group, (id) => groups.add(id, names)),
  kick: (groups, [group = '', name = '']) => change(groups, group, (id) => groups.kick(id, name)),
  leave: (groups, [group = '']) => change(groups, group, (id) => groups.leave(id)),
  admin: (groups, [group = '', name = '']) =>
    change(groups, group, (id) => groups.handOver(id, name)),
  promote: (groups, [group = '', name = '']) =>
    change(groups, group, (id) => groups.promote(id, name)),
  demote: (groups, [group = '', name = '']) =>
    change(groups, group, (id) => groups.demote(id, name)),
  rename: (groups, [group = '', name = '']) =>
    change(groups, group, (id) => groups.rename(id, name.replace(/^#/, ''))),
  delete: (groups, [group = '']) => change(groups, group, (id) => groups.delete(id)),
}

interface GroupRequest {
  readonly action: GroupAction
  readonly names: readonly string[]
  readonly options: GlobalOptions
}

/** `fastchat group …`: one look or one change, printed as the group is afterwards. */
export async function groupOnce(
  terminal: Terminal,
  { action, names, options }: GroupRequest,
): Promise<void> {
  const settings = settingsFrom(options, terminal)
  await using open = await openConnected(terminal, settings)
  const groups = await actions[action](open.client.groups, names)
  const lines = settings.isJson
    ? groups.map((group) => safeJson(groupJson(group)))
    : [...groupLines(groups), ...(action === 'list' ? [] : groups.flatMap(memberLines))].map(
        safeLine,
      )
  terminal.output.write(lines.map((line) => `${line}\n`).join(''))
}

async function change(
  groups: Groups,
  nameOrId: string,
  apply: (groupId: string) => Promise<Group>,
): Promise<readonly Group[]> {
  const { id } = await groups.find(nameOrId)
  return [await apply(id)]
}

function memberLines({ members }: Group): readonly string[] {
  return members.map(({ username, isAdmin }) =>
    isAdmin ? `  ${username} (admin)` : `  ${username}`,
  )
}

function groupJson(group: Group) {
  const { id, name, version, members, isAdmin, state } = group
  return { id, name, title: groupTitle(group), version, state, isAdmin, members }
}
