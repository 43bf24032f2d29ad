import type { ProcessSample } from '../../store/samples.ts'
import type { WaitingSample } from '../../store/waiting.ts'
import { type Axis, placeOn } from './axis.ts'
import { type CountOf, perSecond } from './rates.ts'

/** A value for each second, the oldest first; columns, because that is what a chart draws. */
export interface TotalsHistory {
  readonly sends: readonly number[]
  readonly deliveries: readonly number[]
  readonly expired: readonly number[]
  readonly operations: readonly number[]
  readonly errors: readonly number[]
  readonly atOnce: readonly number[]
  readonly fromStore: readonly number[]
  /** Null where nobody measured. */
  readonly waiting: readonly (number | null)[]
  /** 0 where nothing waited. */
  readonly oldestMs: readonly (number | null)[]
}

/** What was measured stands for so long, unless something newer was. */
const carriedSeconds = 5

/** Faults of ours. Whatever else is declined, is declined as promised. */
export const faultCodes = ['INTERNAL', 'SERVICE_UNAVAILABLE'] as const

export const faultsOf: CountOf = ({ errors = {} }) =>
  faultCodes.reduce((count, code) => count + (errors[code] ?? 0), 0)

export function totalsHistory(
  axis: Axis,
  processes: readonly (readonly ProcessSample[])[],
  waiting: readonly WaitingSample[],
): TotalsHistory {
  const counted = (countOf: CountOf) => perSecond(processes, axis, countOf)
  const atOnce = counted(({ deliveredAtOnce = 0 }) => deliveredAtOnce)
  const fromStore = counted(({ deliveredFromStore = 0 }) => deliveredFromStore)
  const measured = new Map(
    waiting.map(({ second, figures }) => [placeOn(axis, new Date(second * 1000)), figures]),
  )
  const places = Array.from({ length: axis.length }, (_, place) => latestUntil(place))
  // With very much waiting it is measured less often than each second.
  function latestUntil(place: number) {
    const known = Array.from({ length: carriedSeconds }, (_, back) => place - back)
    return measured.get(known.find((one) => measured.has(one)) ?? Number.NaN)
  }
  return {
    sends: counted(({ accepted = 0 }) => accepted),
    deliveries: atOnce.map((count, place) => count + (fromStore[place] ?? 0)),
    expired: counted(({ expired = 0 }) => expired),
    operations: counted(({ operations = 0 }) => operations),
    errors: counted(faultsOf),
    ...{ atOnce, fromStore },
    waiting: places.map((figures) => figures?.messages ?? null),
    oldestMs: places.map((figures) => (figures === undefined ? null : (figures.oldestMs ?? 0))),
  }
}
