export function missedNotice(count: number): string {
  const were = count === 1 ? '1 message was' : `${count} messages were`
  return `${were} deleted while you were away: nobody fetched ${count === 1 ? 'it' : 'them'} in time.`
}
