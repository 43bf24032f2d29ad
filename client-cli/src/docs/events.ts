/** What `listen --json` prints, by type. `oneshot/listen.ts` writes it. */
export const eventTable = `| type | fields |
|---|---|
| \`message\` | \`kind\` (\`text\`, \`file\`, \`unsupported\`: written by a newer client, \`unreadable\`), \`id\`, \`at\` (RFC 3339), \`from\` (whoever the signature proves), \`with\` (the other person) or \`group\`, \`isMine\`, \`text\` or \`file\` (\`name\` and \`type\` are the sender's words); an unreadable one has neither \`from\` nor \`text\` |
| \`file\` | \`id\` and \`from\` of its message, \`state\`: \`ready\` (\`fastchat save\` writes it), \`expired\`, \`damaged\` |
| \`connection\` | \`state\`: \`connected\` with \`server\`, \`offline\`, \`stopped\` |
| \`missed\` | \`count\`: messages that were deleted before this device could fetch them |
| \`key-changed\` | \`username\`: nothing is sent there until \`/trust\` |
| \`group-change\` | \`group\`, \`at\`, \`action\` (\`create\`, \`add\`, \`kick\`, \`leave\`, \`hand-over\`, \`promote\`, \`demote\`, \`rename\`, \`delete\`), \`by\`, \`isMine\`, \`subjects\` |
| \`group-alarm\` | \`group\`, \`groupId\`, \`reason\`: nothing is sent to it any more |`
