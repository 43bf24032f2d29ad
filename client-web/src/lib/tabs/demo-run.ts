/** Which run of `npm run demo` hands out this page. Pages of a real installation carry no such mark. */
export function demoRun(): string | undefined {
  const mark = document.querySelector<HTMLMetaElement>('meta[name="fastchat-demo"]')?.content
  return mark === '' ? undefined : mark
}

/**
 * What this browser keeps for the app is kept under this name. Each demo has its own: the people of
 * the last one are gone, and whoever really chats at this address must not be in the way.
 */
export function placeName(): string {
  const run = demoRun()
  return run === undefined ? 'fastchat' : `fastchat/${run}`
}

/** Deletes what earlier demos at this address kept. */
export async function forgetEarlierDemos(): Promise<void> {
  if (demoRun() === undefined) return
  // Firefox before 126 does not tell; there they stay, encrypted and of no use.
  const kept = (await indexedDB.databases?.()) ?? []
  for (const { name } of kept)
    if (name?.startsWith('fastchat/') && name !== placeName()) indexedDB.deleteDatabase(name)
}
