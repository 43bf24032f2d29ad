import { clear } from './clear.ts'
import type { Command } from './command.ts'
import { conversations } from './conversations.ts'
import { devices } from './devices.ts'
import { exit } from './exit.ts'
import { save } from './files/save.ts'
import { file, image, sendImage } from './files/send-image.ts'
import { view } from './files/view.ts'
import { changeAdmin, demote, promote } from './groups/change-admins.ts'
import { addMember, kick, leaveGroup } from './groups/change-members.ts'
import { createGroup } from './groups/create-group.ts'
import { deleteGroup } from './groups/delete-group.ts'
import { renameGroup } from './groups/rename-group.ts'
import { sendToGroup } from './groups/send-to-group.ts'
import { groups, members } from './groups/show-groups.ts'
import { help } from './help.ts'
import { history } from './history.ts'
import { mute } from './mute.ts'
import { open } from './open.ts'
import { commandTable } from './registry.ts'
import { retry } from './retry.ts'
import { send } from './send.ts'
import { servers } from './servers.ts'
import { trust } from './trust.ts'
import { verify } from './verify.ts'
import { who } from './who.ts'

/** Every slash command, in the order help shows them. A new one is a file and a line here. */
export const commands: readonly Command[] = commandTable([
  send,
  sendImage,
  image,
  file,
  save,
  view,
  createGroup,
  addMember,
  sendToGroup,
  kick,
  leaveGroup,
  changeAdmin,
  promote,
  demote,
  renameGroup,
  deleteGroup,
  groups,
  members,
  open,
  conversations,
  history,
  retry,
  mute,
  who,
  verify,
  trust,
  devices,
  servers,
  clear,
  help,
  exit,
])
