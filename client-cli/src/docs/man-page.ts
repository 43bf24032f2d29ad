import { usageOf } from '../commands/command.ts'
import { commands } from '../commands/table.ts'
import { exitCodes } from '../exit-codes.ts'
import type { CommandLineDocs, OptionDoc } from './command-line.ts'

/** client-cli/fastchat.1, whole: see man(7) for the macros. */
export function manPage({ options, commands: commandLines }: CommandLineDocs): string {
  return `${[
    '.\\" Written by client-cli/src/docs.ts from the tables of the program. Change those.',
    '.TH FASTCHAT 1 "" FastChat "User Commands"',
    '.SH NAME',
    'fastchat \\- end\\-to\\-end\\-encrypted chat in a terminal',
    '.SH SYNOPSIS',
    '.B fastchat',
    '.RI [ options ]\n.RI [ command ]',
    '.SH DESCRIPTION',
    'Without a command it opens the chat. What was asked for goes to stdout, everything else to stderr. Nothing is asked',
    'where stdin is not a terminal; the password then comes from a file or from the first line of stdin.',
    '.SH COMMANDS',
    ...commandLines.flatMap(({ usage, description, options: own }) => [
      ...item(usage, description),
      ...(own.length === 0 ? [] : ['.RS', ...own.flatMap(optionItem), '.RE']),
    ]),
    '.SH OPTIONS',
    ...options.flatMap(optionItem),
    '.SH IN THE CHAT',
    'Plain text goes to the open conversation. A slash begins a command, two slashes a text with one.',
    ...commands.flatMap((command) => {
      const { aliases, summary, details = '' } = command
      const also =
        aliases.length === 0 ? '' : `Also: ${aliases.map((word) => `/${word}`).join(', ')}.`
      return item(usageOf(command), [summary, details, also].join(' ').trim())
    }),
    '.SH EXIT STATUS',
    ...Object.values(exitCodes).flatMap(({ code, meaning }) => item(String(code), meaning)),
    '.SH ENVIRONMENT',
    ...item(
      'FASTCHAT_PROFILE, FASTCHAT_SERVER, FASTCHAT_PASSWORD_FILE',
      'As the options of the same names.',
    ),
    ...item('FASTCHAT_HOME', 'One folder for everything that is kept.'),
    ...item('NO_COLOR', 'Use no colours.'),
  ].join('\n')}\n`
}

function optionItem({ flags, description }: OptionDoc): readonly string[] {
  return item(flags, description)
}

function item(term: string, text: string): readonly string[] {
  return ['.TP', `.B ${asRoff(term)}`, asRoff(text)]
}

/** A dash of the program is no hyphen, and a dot or quote at the start of a line is no macro. */
function asRoff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1')
}
