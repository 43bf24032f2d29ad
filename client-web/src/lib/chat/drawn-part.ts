/** Of a long conversation only a part is drawn at a time: a bounded number of messages in a row. */
export interface DrawnPart {
  readonly count: number
  /** The position of the last one. Absent while the newest are drawn, and those to come with them. */
  readonly upTo?: string
}

interface Placed {
  readonly position: string
}

/** So many messages are drawn at first, and so many more whenever the person comes near an edge. */
const step = 80
/** More are not drawn at once: what is far out of sight goes when something comes in. */
export const mostDrawn = 240

export const newest: DrawnPart = { count: step }

/** The newest, and as many of those not read yet as may be drawn. */
export function newestWith(unread: number): DrawnPart {
  return { count: Math.min(mostDrawn, Math.max(step, unread)) }
}

/** Where the part begins and ends, as in `slice`. */
export function placeOf(
  { count, upTo }: DrawnPart,
  messages: readonly Placed[],
): { readonly from: number; readonly to: number } {
  const after = upTo === undefined ? -1 : messages.findIndex(({ position }) => position > upTo)
  const to = after === -1 ? messages.length : after
  return { from: Math.max(0, to - count), to }
}

/** The part with older messages before it, and without its end if it becomes too long. */
export function withOlder(part: DrawnPart, messages: readonly Placed[]): DrawnPart {
  const { from, to } = placeOf(part, messages)
  const newFrom = Math.max(0, from - step)
  return partOf(newFrom, Math.min(to, newFrom + mostDrawn), messages)
}

/** The part with newer messages after it, and without its beginning if it becomes too long. */
export function withNewer(part: DrawnPart, messages: readonly Placed[]): DrawnPart {
  const { from, to } = placeOf(part, messages)
  const newTo = Math.min(messages.length, to + step)
  return partOf(Math.max(from, newTo - mostDrawn), newTo, messages)
}

function partOf(from: number, to: number, messages: readonly Placed[]): DrawnPart {
  const upTo = to < messages.length ? messages[to - 1]?.position : undefined
  // What is less than a step grows with what comes, as a short conversation does.
  return { count: Math.max(step, to - from), ...(upTo !== undefined && { upTo }) }
}
