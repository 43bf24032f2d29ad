import {
  Argument,
  Command,
  InvalidArgumentError,
  Option,
  type OutputConfiguration,
} from 'commander'
import { nearest } from './commands/nearest.ts'
import type { ShellName } from './docs/completions.ts'
import type { OperatorOptions } from './operations/operator-token.ts'
import type { TopOptions } from './operations/show-top.ts'

export interface GlobalOptions {
  readonly profile?: string
  readonly server?: string
  readonly passwordFile?: string
  readonly json: boolean
  readonly ascii: boolean
  readonly plain: boolean
  readonly lines: boolean
  /** False after --no-color. */
  readonly color: boolean
}

export interface SendOptions {
  readonly wait: 'stored' | 'delivered'
  readonly timeout: number
}

export interface FileOptions {
  readonly caption?: string
}

export interface ListenOptions {
  readonly count?: number
}

export interface SignUpOptions {
  readonly name?: string
  readonly device?: string
}

export interface SignOutOptions {
  readonly forget: boolean
}

export interface TokenOptions {
  readonly env: boolean
}

export interface PlaygroundOptions extends OperatorOptions {
  readonly to?: string
}

const groupActions = {
  list: ['Show your groups.', ''],
  members: ['Show who is in a group.', '<group>'],
  new: ['Create a group, with you as its admin.', '<group> [names...]'],
  add: ['Add people to a group. For its admins.', '<group> <names...>'],
  kick: ['Remove somebody from a group. For its admins.', '<group> <name>'],
  leave: ['Leave a group.', '<group>'],
  admin: ['Make somebody else the admin in your place.', '<group> <name>'],
  promote: ['Make somebody admin beside you.', '<group> <name>'],
  demote: ['Take the rights of an admin from somebody.', '<group> <name>'],
  rename: ['Give a group another name. For its admins.', '<group> <name>'],
  delete: ['Delete a group for everybody, without asking again. For its admins.', '<group>'],
} as const

const fileDescriptions = {
  image: 'Send an image, encoded anew: where and with what it was taken stays here.',
  file: 'Send a file, byte for byte.',
} as const

export type GroupAction = keyof typeof groupActions

/** What each command line means. Handlers load their own code, so that a quick command stays quick. */
export interface Handlers {
  chat(options: GlobalOptions): Promise<void>
  send(name: string, text: readonly string[], options: GlobalOptions & SendOptions): Promise<void>
  listen(options: GlobalOptions & ListenOptions): Promise<void>
  signUp(options: GlobalOptions & SignUpOptions): Promise<void>
  signIn(options: GlobalOptions & SignUpOptions): Promise<void>
  signOut(options: GlobalOptions & SignOutOptions): Promise<void>
  devices(options: GlobalOptions): Promise<void>
  revoke(device: string, options: GlobalOptions): Promise<void>
  servers(options: GlobalOptions & OperatorOptions): Promise<void>
  top(options: GlobalOptions & TopOptions): Promise<void>
  operator(name: string, options: GlobalOptions): Promise<void>
  who(name: string, options: GlobalOptions): Promise<void>
  group(action: GroupAction, names: readonly string[], options: GlobalOptions): Promise<void>
  token(options: GlobalOptions & TokenOptions): Promise<void>
  playground(options: GlobalOptions & PlaygroundOptions): Promise<void>
  sendFile(
    name: string,
    path: string,
    how: { as: 'image' | 'file'; options: GlobalOptions & SendOptions & FileOptions },
  ): Promise<void>
  save(name: string, number: string | undefined, options: GlobalOptions): Promise<void>
  completion(shell: ShellName): Promise<void>
  paths(options: GlobalOptions): Promise<void>
}

/** The command line as a table: `--help` and docs/cli.md are both printed from it. */
export function buildProgram(
  version: string,
  handlers: Handlers,
  output: OutputConfiguration,
): Command {
  const program = new Command('fastchat')
    // Before the first command, because commands take these settings over when they are made.
    .exitOverride()
    .configureOutput(output)
    .description('End-to-end-encrypted chat in a terminal. Without a command it opens the chat.')
    .version(version, '--version', 'Print the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand('help [command]', 'Show how a command is used.')
    .showHelpAfterError('fastchat --help shows how it is used.')
    .option(
      '-p, --profile <name>',
      'Who you are: each profile has its own keys and messages (FASTCHAT_PROFILE; "default").',
    )
    .option(
      '--server <url>',
      'The balancer or a server to begin at (FASTCHAT_SERVER; the one of the profile).',
    )
    .option(
      '--password-file <file>',
      'Read the password from the first line of a file; - is stdin (FASTCHAT_PASSWORD_FILE).',
    )
    .option('--json', 'Print JSON, one value a line.', false)
    .option('--ascii', 'Use no signs outside ASCII for states.', false)
    .option('--plain', 'Only add lines, never change them: for screen readers.', false)
    .option(
      '--lines',
      'Chat line by line below each other, with the scrollback of the window.',
      false,
    )
    .option('--no-color', 'Use no colours, as NO_COLOR does.')

  const all = <T>(command: Command) => command.optsWithGlobals<GlobalOptions & T>()

  program
    .command('chat', { isDefault: true })
    .description('Open the chat. /help lists what can be typed there.')
    .allowExcessArguments()
    .action(async (_options, command: Command) => {
      const [unknown] = command.args
      if (unknown !== undefined) command.error(unknownCommand(program, unknown))
      await handlers.chat(all(command))
    })
  waiting(program.command('send'))
    .description('Send one message.')
    .argument('<name>', 'to whom')
    .argument('[text...]', 'what; - or nothing reads it from stdin')
    .action(async (name: string, text: readonly string[], _options, command: Command) => {
      await handlers.send(name, text, all<SendOptions>(command))
    })
  for (const as of ['image', 'file'] as const) {
    waiting(program.command(as))
      .description(fileDescriptions[as])
      .argument('<name>', 'to whom')
      .argument('<path>', 'which')
      .option('--caption <text>', 'What to say of it.')
      .action(async (name: string, path: string, _options, command: Command) => {
        await handlers.sendFile(name, path, {
          as,
          options: all<SendOptions & FileOptions>(command),
        })
      })
  }
  program
    .command('save')
    .description('Save a file that came, in the download folder. Prints its path.')
    .argument('<name>', 'from which conversation')
    .argument('[number]', 'which; 1 is the newest, as without this')
    .action(async (name: string, number: string | undefined, _options, command: Command) => {
      await handlers.save(name, number, all(command))
    })
  program
    .command('listen')
    .description('Print messages as they arrive.')
    .option(
      '--count <n>',
      'Stop after this many messages; what came together with the last is printed too.',
      wholeNumber,
    )
    .action(async (_options, command: Command) => handlers.listen(all<ListenOptions>(command)))
  program
    .command('signup')
    .description('Make an account. The keys are made on this device.')
    .option('--name <name>', 'The username; asked for otherwise.')
    .option('--device <name>', 'What to call this device.')
    .action(async (_options, command: Command) => handlers.signUp(all<SignUpOptions>(command)))
  program
    .command('signin')
    .description('Sign in to an account that exists, with this device as one of its own.')
    .option('--name <name>', 'The username; asked for otherwise.')
    .option('--device <name>', 'What to call this device.')
    .action(async (_options, command: Command) => handlers.signIn(all<SignUpOptions>(command)))
  program
    .command('signout')
    .description('Sign out on this device. Keys and messages stay in the profile.')
    .option('--forget', 'Delete the keys and messages of the profile as well.', false)
    .action(async (_options, command: Command) => handlers.signOut(all<SignOutOptions>(command)))
  program
    .command('devices')
    .description('Show the devices of your account.')
    .action(async (_options, command: Command) => handlers.devices(all(command)))
  program
    .command('revoke')
    .description('Take a device out of your account: it is signed out and receives nothing more.')
    .argument('<device>', 'its name, or the beginning of its id')
    .action(async (device: string, _options, command: Command) => {
      await handlers.revoke(device, all(command))
    })
  program
    .command('servers')
    .description(
      'Show the servers, the fastest first. Needs no account; an operator sees more of them.',
    )
    .option(...operatorTokenOption)
    .action(async (_options, command: Command) => handlers.servers(all(command)))
  program
    .command('top')
    .description('Show how all servers do, each second. For operators.')
    .option(...operatorTokenOption)
    .option('--count <n>', 'Stop after this many looks.', wholeNumber)
    .action(async (_options, command: Command) => handlers.top(all<TopOptions>(command)))
  program
    .command('operator')
    .description('Sign in as an operator and print a token for twelve hours, for top and servers.')
    .argument('<name>', 'as it was made with npm run operator')
    .action(async (name: string, _options, command: Command) => {
      await handlers.operator(name, all(command))
    })
  program
    .command('who')
    .description('Show who somebody is: on-line or not, verified or not.')
    .argument('<name>', 'whom')
    .action(async (name: string, _options, command: Command) => handlers.who(name, all(command)))
  const group = program
    .command('group')
    .description('Show and change groups. Messages go there with: fastchat send "#<group>" <text>')
  for (const [action, [description, parameters]] of Object.entries(groupActions)) {
    group
      .command(`${action} ${parameters}`.trim())
      .description(description)
      .action(async (...given: unknown[]) => {
        const command = given.at(-1) as Command
        await handlers.group(action as GroupAction, command.args, all(command))
      })
  }
  program
    .command('token')
    .description('Print a token for the GraphQL API, which acts as this device.')
    .option('--env', 'Print shell variables: URL, TOKEN and ATTACHMENT (for the inbox).', false)
    .action(async (_options, command: Command) => handlers.token(all<TokenOptions>(command)))
  program
    .command('playground')
    .description('Print a link to the playground with a token and the examples filled in.')
    .option('--to <name>', 'Seal the sample message for this person.')
    .option(...operatorTokenOption)
    .action(async (_options, command: Command) => {
      await handlers.playground(all<PlaygroundOptions>(command))
    })
  program
    .command('completion')
    .description(
      'Print a script that completes commands in your shell: source <(fastchat completion bash)',
    )
    .addArgument(new Argument('<shell>', 'which').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: ShellName) => handlers.completion(shell))
  program
    .command('paths')
    .description('Show where the profile keeps its files.')
    .action(async (_options, command: Command) => handlers.paths(all(command)))
  return program
}

const operatorTokenOption = [
  '--operator-token-file <file>',
  'Read the token of an operator from a file (FASTCHAT_OPERATOR_TOKEN_FILE; or the token in FASTCHAT_OPERATOR_TOKEN).',
] as const

/** With the options that say how long to look after what was sent. */
function waiting(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--wait <state>',
        'Return when the message is stored (as without this), or when it is delivered.',
      )
        .choices(['stored', 'delivered'])
        .default('stored'),
    )
    .option(
      '--timeout <duration>',
      'Wait no longer than this, for example 30s or 2m; 130s without this.',
      duration,
      130_000,
    )
}

function unknownCommand(program: Command, typed: string): string {
  const names = program.commands.map((command) => command.name())
  const meant = nearest(typed, names)
  return `There is no command ${typed}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`
}

function duration(text: string): number {
  const [, amount, unit = 's'] = /^(\d{1,6})(ms|s|m)?$/.exec(text) ?? []
  if (amount === undefined) throw new InvalidArgumentError('A duration looks like 30s or 2m.')
  return Number(amount) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm']
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('A whole number above zero.')
  return Number(text)
}
