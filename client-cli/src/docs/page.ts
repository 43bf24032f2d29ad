import { usageOf } from '../commands/command.ts'
import { commands } from '../commands/table.ts'
import { exitCodes } from '../exit-codes.ts'
import type { CommandLineDocs, OptionDoc } from './command-line.ts'
import { eventTable } from './events.ts'

/** docs/cli.md, whole. */
export function cliPage({ options, commands: commandLines }: CommandLineDocs): string {
  return `${[
    '# The terminal client',
    '<!-- Written by client-cli/src/docs.ts from the tables of the program. Change those. -->',
    intro,
    '## In the chat',
    slashIntro,
    table(['Type', 'Or', 'What it does'], commands.map(slashRow)),
    keys,
    marks,
    '## On the command line',
    table(
      ['Command', 'What it does'],
      commandLines.map(({ usage, description }) => [code(usage), description]),
    ),
    'Options of every command:',
    optionTable(options),
    ...commandLines
      .filter((command) => command.options.length > 0)
      .flatMap(({ usage, options: own }) => [`Options of ${code(usage)}:`, optionTable(own)]),
    streams,
    sendJson,
    '### Exit codes',
    table(
      ['Code', 'Meaning'],
      Object.values(exitCodes).map(({ code: number, meaning }) => [String(number), meaning]),
    ),
    '### What `fastchat listen --json` prints',
    'One JSON value a line. Later versions may add types and fields: skip what you do not know.',
    eventTable,
    '## Files',
    files,
  ].join('\n\n')}\n`
}

const intro = `\`npm run fastchat\` opens the chat; \`npm run fastchat -- send bob hello\` runs one command. After
\`npm link -w client-cli\` both are \`fastchat\`. Several people on one computer, or several devices of one
person, are profiles: \`fastchat --profile alice\`. One profile serves one running client at a time.`

const slashIntro = `Plain text goes to the open conversation. A slash begins a command, in capital letters or small;
two slashes begin a text with one. What a command needs and was not given is asked.`

const keys = `Tab completes commands and names. The arrow up brings back what was typed. Alt+Enter makes a line
break; so does a pasted one, and a paste is sent only by Enter. Ctrl+D leaves, Ctrl+C leaves with code 130.`

const marks = `A message of yours carries how far it came: \`…\` on its way, \`✓\` stored at a server with the time until it
is deleted, \`✓✓\` delivered, \`✗\` expired, \`!\` failed or held back. \`--ascii\` has signs without Unicode.
\`--plain\` (and \`TERM=dumb\`) never changes a printed line: for screen readers. \`NO_COLOR\` is obeyed.`

const streams = `What was asked for goes to stdout, everything else to stderr. Nothing is asked where stdin is not a
terminal. The password comes from a prompt, from \`--password-file\`, from \`FASTCHAT_PASSWORD_FILE\`, or from the first
line of stdin where stdin holds nothing else; never from an argument or a variable, which others can read.

\`\`\`sh
echo "backup done" | fastchat send bob - --wait delivered --timeout 60s
fastchat listen --json | jq -r 'select(.type == "message") | "\\(.from): \\(.text)"'
\`\`\`

\`fastchat send\` that ends with 3 has sent and kept nothing if it says so; a message that it says is kept goes out when the
profile is used next.`

const sendJson = `\`fastchat send --json\` prints one value: \`id\`, \`to\`, \`state\` (\`stored\`, \`delivered\`, \`partly-delivered\`,
\`expired\`, \`held\`, \`failed\`, \`queued\`, \`sending\`, \`outcome-unknown\`), and where they apply \`expiresAt\` (RFC 3339),
\`delivered\` and \`of\` (devices), \`reason\`. The other commands print a value for each thing they show.`

const files = `\`fastchat paths\` shows them. The key file holds the private keys of the device, sealed with AES-256-GCM under a
key that Argon2id (19 MiB, 2 passes) makes of the password. It must belong to you, be no link and have mode 0600, or it is
refused. Messages lie beside it in an SQLite file, each value encrypted under a key from the key file. \`FASTCHAT_HOME\`
puts both in one folder.`

function slashRow(command: (typeof commands)[number]): readonly string[] {
  const aliases = command.aliases.map((alias) => code(`/${alias}`)).join(' ')
  return [code(usageOf(command)), aliases, [command.summary, command.details].join(' ').trim()]
}

function optionTable(options: readonly OptionDoc[]): string {
  return table(
    ['Option', 'Meaning'],
    options.map(({ flags, description }) => [code(flags), description]),
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

function escapeCell(cell: string): string {
  return cell.replaceAll('|', '\\|')
}

function code(text: string): string {
  return `\`${text}\``
}
