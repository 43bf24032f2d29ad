import type { ChatPage } from './chat-page.ts'

export interface Kept {
  /** Every text and every byte, where it was found. */
  readonly places: Readonly<Record<string, Buffer>>
  /** Secret parts that a script could take out. */
  readonly extractableKeys: number
  readonly lockedKeys: number
  readonly records: number
}

/** Everything a page has left in the browser, and everything it said. */
export async function everythingKept({ page, profile }: ChatPage): Promise<Kept> {
  const kept = await page.evaluate(readAll)
  const texts = {
    localStorage: kept.local,
    sessionStorage: kept.session,
    caches: kept.caches,
    cookies: JSON.stringify(await profile.context.cookies()),
    addresses: [page.url(), ...profile.requests].join('\n'),
    console: profile.console.join('\n'),
  }
  const places = Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)] as const)
  const database = Buffer.concat(kept.bytes.map((bytes) => Buffer.from(bytes, 'base64')))
  return {
    places: { ...Object.fromEntries(places), IndexedDB: database },
    extractableKeys: kept.keys.filter(Boolean).length,
    lockedKeys: kept.keys.filter((isExtractable) => !isExtractable).length,
    records: kept.bytes.length,
  }
}

/** Runs in the page. */
async function readAll() {
  const bytes: string[] = []
  const keys: boolean[] = []
  const keep = (data: Uint8Array) => {
    bytes.push(btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')))
  }
  const walk = (value: unknown): void => {
    if (value instanceof CryptoKey) {
      if (value.type !== 'public') keys.push(value.extractable)
    } else if (value instanceof ArrayBuffer) keep(new Uint8Array(value))
    else if (ArrayBuffer.isView(value))
      keep(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    else if (typeof value === 'object' && value !== null) Object.entries(value).flat().forEach(walk)
    else keep(new TextEncoder().encode(String(value)))
  }
  const answer = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store)
      for (const row of await answer(objects.getAll())) walk(row)
      walk(await answer(database.transaction(store).objectStore(store).getAllKeys()))
    }
    database.close()
  }
  const cached: string[] = []
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    cached.push(name, ...(await cache.keys()).map(({ url }) => url))
  }
  return {
    bytes,
    keys,
    local: JSON.stringify({ ...localStorage }),
    session: JSON.stringify({ ...sessionStorage }),
    caches: cached.join('\n'),
  }
}
