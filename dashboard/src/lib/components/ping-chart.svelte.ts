import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { colourOf, dashOf, type PingLine } from './ping-line.ts'

interface Pings {
  /** The second that the columns end with. */
  readonly until: number
  readonly lines: readonly PingLine[]
}

const height = 230
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** Draws the pings of all servers, and says what they were where the pointer is. */
export function pingChart(
  read: () => Pings,
  tell: {
    /** Undefined: the pointer is elsewhere. */
    onPoint(values: readonly (number | null)[] | undefined): void
    /** How far from the top each line ends. */
    onDraw(ends: readonly (number | null)[]): void
  },
): Attachment<HTMLElement> {
  return (element) => {
    // A canvas knows no custom properties: an element in the page has to be asked, in the scheme of the moment.
    const probe = element.appendChild(document.createElement('span'))
    const colour = (value: string) => {
      probe.style.color = value
      return getComputedStyle(probe).color
    }
    const axis = { stroke: () => colour('var(--ink-2)'), font: '12px "Geist Variable", sans-serif' }
    const chart = new uPlot(
      {
        width: Math.max(1, element.clientWidth),
        height,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: { y: { range: (_chart, _least, most) => [0, Math.max(20, most * 1.1)] } },
        padding: [10, 2, 0, 0],
        axes: [
          {
            ...axis,
            size: 32,
            gap: 9,
            grid: { show: false },
            ticks: { show: false },
            values: times,
            space: 90,
          },
          {
            ...axis,
            size: 58,
            ticks: { show: false },
            grid: { stroke: () => colour('var(--line)'), width: 1 },
            values: (_chart, values) => values.map((value) => `${value} ms`),
          },
        ],
        series: [
          {},
          ...untrack(read).lines.map(({ id, name }) => ({
            label: name,
            stroke: () => colour(colourOf(id)),
            width: 1.8,
            dash: [...dashOf(id)],
            points: { show: false },
          })),
        ],
        hooks: {
          setCursor: [
            ({ cursor, data }) => {
              const { idx } = cursor
              tell.onPoint(
                idx == null ? undefined : data.slice(1).map((column) => column[idx] ?? null),
              )
            },
          ],
          draw: [(drawn) => tell.onDraw(endsOf(drawn))],
        },
      },
      [[]],
      element,
    )
    const resized = new ResizeObserver(() =>
      chart.setSize({ width: Math.max(1, element.clientWidth), height }),
    )
    resized.observe(element)

    // The chart is outside of what Svelte draws.
    $effect(() => chart.setData(columnsOf(read())))
    return () => {
      resized.disconnect()
      chart.destroy()
      probe.remove()
    }
  }
}

function endsOf(chart: uPlot): readonly (number | null)[] {
  const top = chart.over.offsetTop
  return chart.data.slice(1).map((column: ArrayLike<number | null | undefined>) => {
    const last = Array.from(column).findLast((value) => value != null)
    return last == null ? null : top + chart.valToPos(last, 'y')
  })
}

function times(_chart: uPlot, splits: readonly number[]): string[] {
  return splits.map((at) => clock.format(at * 1000))
}

function columnsOf({ until, lines }: Pings): uPlot.AlignedData {
  const length = lines[0]?.column.length ?? 0
  const seconds = Array.from({ length }, (_, place) => until - length + 1 + place)
  return [seconds, ...lines.map(({ column }) => [...column])]
}
