import type { ChatClient, Group, Message } from '../client.ts'
import { groupTitle } from '../commands/groups/group-parameter.ts'
import { isSaid } from './message-view.ts'

/** What people call the conversations: a person by the name, a group by `#` and its name as it is now. */
export class Titles {
  readonly #ofGroups = new Map<string, string>()

  /** Learns the groups that there are. */
  async load({ groups }: Pick<ChatClient, 'groups'>): Promise<void> {
    for (const group of await groups.list()) this.learn(group)
  }

  learn(group: Group): void {
    this.#ofGroups.set(group.conversation, groupTitle(group))
  }

  /** Of what `send` takes. */
  of(to: string): string {
    return this.#ofGroups.get(to) ?? to
  }

  ofMessage(message: Message): string {
    return this.of(placeOf(message))
  }
}

/** Where an answer to it goes: what `send` takes. */
export function placeOf(message: Message): string {
  return (isSaid(message) ? message.peer : undefined) ?? message.conversation
}
