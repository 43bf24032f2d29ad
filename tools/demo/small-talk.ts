/** What is said in #team when nobody asks. */
export const teamTalk: readonly string[] = [
  'Coffee is ready.',
  'Did somebody water the plant?',
  'I pushed the fix. Have a look when you can.',
  'Lunch at half past twelve?',
  'The build is green again.',
  'Who has the long cable?',
  'I am in the quiet room until three.',
  'Nice weather, for once.',
  'Could somebody read my draft?',
  'The printer works today. Do not ask why.',
  'Moving the meeting by ten minutes.',
  'Found the bug: it was a comma.',
]

/** What one of the team says to a visitor who wrote something. */
export const teamAnswers: readonly string[] = [
  'Good to hear from you.',
  'Agreed.',
  'I thought the same just now.',
  'Let us do that.',
  'Noted!',
  'Tell us more.',
]

/** Between two people of the team, and to somebody who is away. */
export const privateTalk: readonly string[] = [
  'Have you got a minute?',
  'Sure.',
  'The numbers are in the folder.',
  'Thanks, that helped.',
  'One moment.',
  'I will call you back.',
  'Done.',
  'Sounds good.',
]
