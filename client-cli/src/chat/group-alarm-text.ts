import type { GroupAlarmReason } from '../client.ts'

/** What is wrong with a group, and what a person can do about it. */
export function groupAlarmText(title: string, reason: GroupAlarmReason): string {
  return `Nothing is sent to ${title} any more: ${reasons[reason]}`
}

const reasons: Readonly<Record<GroupAlarmReason, string>> = {
  'two-heads':
    'its members were shown two different lists of members. Make a new group, and use another server.',
  'bad-entry':
    'a change of its members does not hold: nobody who may has signed it. Ask its admins, and make a new group.',
  'key-changed':
    'the key of a member is another than the one you know. Compare safety numbers with /verify.',
  'rolled-back': 'the server shows an older state of it than this device has seen already.',
}
