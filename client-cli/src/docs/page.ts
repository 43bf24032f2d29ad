import { usageOf } from '../commands/command.ts'
import { commands } from '../commands/table.ts'
import { exitCodes } from '../exit-codes.ts'
import { bindings } from '../fullscreen/input/bindings.ts'
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
    marks,
    faces,
    table(
      ['Key', 'In full screen'],
      bindings.flatMap(({ help }) => (help === undefined ? [] : [help])),
    ),
    keys,
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
    '## Images and files',
    pictures,
    '## Files of the profile',
    files,
  ].join('\n\n')}\n`
}

const intro = `\`npm run fastchat\` opens the chat; \`npm run fastchat -- send bob hello\` runs one command. After
\`npm link -w client-cli\` both are \`fastchat\`. Several people on one computer, or several devices of one
person, are profiles: \`fastchat --profile alice\`. One profile serves one running client at a time.`

const slashIntro = `Plain text goes to the open conversation. A slash begins a command, in capital letters or small;
two slashes begin a text with one. What a command needs and was not given is asked.`

const faces = `In a window of at least 40 columns and 10 rows the chat fills it: conversations with what is unread and what
waits at the left (from 60 columns on), the open one beside them, the text being written below. \`--lines\` chats line by line
instead, with the scrollback of the window; \`--plain\` only ever adds lines, which is what a screen reader needs and what
happens by itself in a pipe, with \`TERM=dumb\` and with \`INK_SCREEN_READER=true\`. All three know the same commands.`

const keys = `Text that is pasted is sent only by Enter, whatever line breaks are in it. Without full screen there are Tab, the arrows,
Alt+Enter, Ctrl+D and Ctrl+C, and the keys of the line that shells have.`

const marks = `A message of yours carries how far it came: \`…\` on its way, \`✓\` stored at a server with the time until it
is deleted, \`✓✓\` delivered, \`✗\` expired, \`!\` failed or held back. In full screen a dial shows what is left of its two
minutes, and \`/retry 2\` beside an expired one sends it again. \`--ascii\` has signs without Unicode. \`NO_COLOR\` is obeyed.`

const streams = `What was asked for goes to stdout, everything else to stderr. Nothing is asked where stdin is not a
terminal. The password comes from a prompt, from \`--password-file\`, from \`FASTCHAT_PASSWORD_FILE\`, or from the first
line of stdin where stdin holds nothing else; never from an argument or a variable, which others can read.

\`\`\`sh
echo "backup done" | fastchat send bob - --wait delivered --timeout 60s
fastchat listen --json | jq -r 'select(.type == "message") | "\\(.from): \\(.text)"'
\`\`\`

\`fastchat send\` that ends with 3 has sent and kept nothing if it says so; a message that it says is kept goes out when the
profile is used next.`

const sendJson = `\`fastchat send --json\` prints one value, and so do \`image\` and \`file\`, with \`file\` beside: \`id\`, \`to\`, \`state\` (\`stored\`, \`delivered\`, \`partly-delivered\`,
\`expired\`, \`held\`, \`failed\`, \`queued\`, \`uploading\`, \`sending\`, \`outcome-unknown\`), and where they apply \`expiresAt\` (RFC 3339),
\`delivered\` and \`of\` (devices), \`reason\`. The other commands print a value for each thing they show.`

const pictures = `\`/image\` and \`fastchat image\` take PNG, JPEG, GIF and WebP up to 10 MiB and 50 million pixels. A picture is encoded anew
before it leaves, at most 2048 pixels wide and high, so that nothing goes with it but what can be seen; of a GIF that is the
first frame. \`/file\` sends any file byte for byte. What a file is follows from its first bytes, never from its name.

A file that comes is fetched at once, because the servers keep it no longer than its message, and lies encrypted in the
profile. Nothing is opened. \`/save\` and \`fastchat save\` write it to the download folder (\`XDG_DOWNLOAD_DIR\`, what the
desktop says, or \`~/Downloads\`) under a name that is made safe, readable by you alone, and replace nothing. Line mode shows
pictures as they come, and \`/view\` shows them anywhere. \`FASTCHAT_IMAGES\` decides how: \`kitty\`, \`iterm\`, \`blocks\` or
\`none\`; without it the terminal is asked by its variables.`

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
