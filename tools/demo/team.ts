/** Who is in #team from the beginning; visitors are added when they come. */
export const team = ['bob-bot', 'dave', 'erin'] as const

export function isOfTheTeam(name: string): boolean {
  return (team as readonly string[]).includes(name)
}
