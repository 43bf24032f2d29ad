import { clear } from './clear.ts'
import type { Command } from './command.ts'
import { conversations } from './conversations.ts'
import { devices } from './devices.ts'
import { exit } from './exit.ts'
import { help } from './help.ts'
import { history } from './history.ts'
import { open } from './open.ts'
import { commandTable } from './registry.ts'
import { send } from './send.ts'
import { servers } from './servers.ts'
import { trust } from './trust.ts'
import { verify } from './verify.ts'
import { who } from './who.ts'

/** Every slash command, in the order help shows them. A new one is a file and a line here. */
export const commands: readonly Command[] = commandTable([
  send,
  open,
  conversations,
  history,
  who,
  verify,
  trust,
  devices,
  servers,
  clear,
  help,
  exit,
])
