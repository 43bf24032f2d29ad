// npm run operator -- add|list|reset|remove <name>: the people who may see the dashboard. Talks to the database and to nothing
// else, so that an operator can be made before anything runs and nobody can be made one over the network.
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { readFirstLine } from '../client-cli/src/profile/first-line.ts'
import { prompterFor } from '../client-cli/src/screen/prompter.ts'
import { limits } from '../server/src/domain/limits.ts'
import { normalizeOperatorName } from '../server/src/domain/operations/operator.ts'
import {
  hashPassword,
  leastPasswordChars,
} from '../server/src/domain/operations/operator-password.ts'
import {
  createOperatorAccounts,
  type OperatorAccounts,
} from '../server/src/store/operator-accounts.ts'
import { root } from './bootstrap.mjs'
import { Halt, runTask } from './halt.mjs'
import { withRunningDatabase } from './operator/running-database.ts'

const usage = `npm run operator -- add <name>      make an operator; the password is asked for, or read from stdin
npm run operator -- list            show them
npm run operator -- reset <name>    a new password; ends every session
npm run operator -- remove <name>   remove one; what they did stays in the audit
  --generate                        make the password, and print it once`

type Command = 'add' | 'list' | 'reset' | 'remove'

function readArguments(): { command: Command; name: string; isGenerated: boolean } {
  const { values, positionals } = parse()
  const [command = '', typed = '', ...rest] = positionals
  const isKnown = ['add', 'list', 'reset', 'remove'].includes(command)
  if (!isKnown || rest.length > 0 || (typed === '') !== (command === 'list')) throw new Halt(usage)
  const name = normalizeOperatorName(typed)
  if (command !== 'list' && name === null)
    throw new Halt('The name of an operator has 3 to 32 characters of a-z 0-9 _ . -')
  return { command: command as Command, name: name ?? '', isGenerated: values.generate }
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { generate: { type: 'boolean', default: false } },
    })
  } catch {
    // What was typed may be a password in the wrong place: it is not repeated.
    throw new Halt(usage)
  }
}

const needsPassword = (command: Command) => command === 'add' || command === 'reset'

async function choosePassword(isGenerated: boolean): Promise<string> {
  if (isGenerated) return randomBytes(18).toString('base64url')
  const password = await readPassword()
  if (password.length < leastPasswordChars || password.length > limits.operatorPasswordChars)
    throw new Halt(
      `The password needs ${leastPasswordChars} to ${limits.operatorPasswordChars} characters. --generate makes one.`,
    )
  return password
}

async function readPassword(): Promise<string> {
  const prompter = prompterFor({
    input: process.stdin,
    talk: process.stderr,
    interrupted: new AbortController().signal,
  })
  if (!prompter.canAsk) return (await readFirstLine(process.stdin, 4096)) ?? ''
  const password = await prompter.askSecret('Password: ')
  if (password !== (await prompter.askSecret('The same again: ')))
    throw new Halt('The two passwords differ. Nothing was changed.')
  return password
}

async function act(
  operators: OperatorAccounts,
  command: Command,
  name: string,
  password: string | null,
): Promise<void> {
  if (command === 'list') return show(await operators.list())
  const hash = password === null ? '' : await hashPassword(password)
  const isDone =
    command === 'add'
      ? await operators.add(name, hash)
      : command === 'reset'
        ? await operators.reset(name, hash)
        : await operators.remove(name)
  if (!isDone)
    throw new Halt(
      command === 'add'
        ? `There is an operator ${name} already. reset gives a new password.`
        : `There is no operator ${name}. list shows them.`,
    )
  const said = { add: 'was made', reset: 'has a new password', remove: 'was removed' } as const
  console.error(`The operator ${name} ${said[command]}.`)
}

function show(operators: Awaited<ReturnType<OperatorAccounts['list']>>): void {
  if (operators.length === 0) console.error('There is no operator yet. add makes one.')
  for (const { name, createdAt, sessions } of operators)
    console.log(`${name}  since ${createdAt.toISOString().slice(0, 10)}, ${sessions} open sessions`)
}

await runTask(async () => {
  const { command, name, isGenerated } = readArguments()
  // Before anything is asked of a database that may not be there.
  const password = needsPassword(command) ? await choosePassword(isGenerated) : null
  await withRunningDatabase(path.join(root, 'prisma/migrations'), async (url) => {
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    // PostgreSQL may be stopped before the last connection has closed.
    pool.on('error', () => {})
    try {
      await act(createOperatorAccounts({ pool }), command, name, password)
    } finally {
      await pool.end()
    }
  })
  if (password !== null && isGenerated) {
    console.error('The password, shown this once:')
    console.log(password)
  }
})
