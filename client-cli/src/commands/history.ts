import { Failure } from '../failure.ts'
import type { Command } from './command.ts'
import { findPlace } from './find-place.ts'

const usualCount = 20
const mostCount = 1000

export const history: Command = {
  name: 'history',
  aliases: ['log'],
  summary: 'Show what was said last, from this device.',
  parameters: [{ name: 'name', completes: 'place' }, { name: 'count' }],
  async run({ client, open }, [first, second]) {
    // `/history 50` means the open conversation: no username is two digits.
    const isCount = first !== undefined && /^\d{1,2}$/.test(first) && second === undefined
    const name = isCount ? open?.to : (first ?? open?.to)
    const count = isCount ? first : second
    if (name === undefined) {
      throw new Failure('usage', 'No conversation is open. Try /history <name>.')
    }
    const wanted = count === undefined ? usualCount : Number(count)
    if (!Number.isInteger(wanted) || wanted < 1) {
      throw new Failure('usage', 'How many? Give a number, for example /history bob 50.')
    }
    const { to, title } = name === open?.to ? open : await findPlace(client, name)
    return { kind: 'show-history', name: to, title, count: Math.min(wanted, mostCount) }
  },
}
