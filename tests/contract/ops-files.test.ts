import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { before, test } from 'node:test'
import { alertKinds } from '../../server/src/domain/operations/find-alerts.ts'
import { createMetrics } from '../../server/src/observability/metrics.ts'

const read = (name: string) =>
  readFileSync(path.resolve(import.meta.dirname, '../../ops', name), 'utf8')

interface Panel {
  readonly title: string
  readonly description: string
  readonly targets: readonly { readonly expr: string }[]
  readonly fieldConfig: { readonly defaults: { readonly unit: string } }
  readonly gridPos: {
    readonly x: number
    readonly y: number
    readonly w: number
    readonly h: number
  }
}

const alerts = read('prometheus-alerts.yml')
const dashboard = JSON.parse(read('grafana-dashboard.json')) as {
  readonly panels: readonly Panel[]
}

/** By name: what kind it is, and the labels it was seen with. */
const exposed = new Map<string, { readonly type: string; readonly labels: Set<string> }>()

before(async () => {
  const metrics = createMetrics({ serverId: 1 })
  metrics.watch({
    ...{ version: '1.0.0', sockets: () => 1, subscriptions: () => 1, isDraining: () => false },
    pool: () => ({ used: 1, max: 10, waiting: 0 }),
    deliveries: () => ({ accepted: 1, deliveredAtOnce: 1, deliveredFromStore: 1, expired: 1 }),
    files: () => ({ storedBytes: 1, servedBytes: 1 }),
    servers: () => ({ pings: { 1: 3 }, picks: { 1: 3 } }),
    whole: async () => ({
      ...{ waitingMessages: 1, waitingBytes: 1, oldestMs: 1, lifetimeMs: 1, sweptAt: new Date() },
    }),
  })
  metrics.ping(1, 3)
  metrics.ping(1, null)
  metrics.graphqlError('INTERNAL')
  metrics.socketClosed(1000)
  let type = ''
  for (const line of (await metrics.text()).text.split('\n')) {
    type = /^# TYPE \S+ (\w+)$/.exec(line)?.[1] ?? type
    const [, name, labels = ''] = /^([a-z0-9_]+)(?:\{(.*)\})? /.exec(line) ?? []
    if (name === undefined) continue
    const seen = exposed.get(name) ?? { type, labels: new Set<string>() }
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) seen.labels.add(label)
    exposed.set(name, seen)
  }
})

const expressions = () => [
  ...[...alerts.matchAll(/^ {8}expr:(.*(?:\n {10}.*)*)/gm)].map(([, expr = '']) => expr),
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
]

const namesIn = (expression: string) =>
  [...expression.matchAll(/\b(?:fastchat|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name)

test('every metric that an alert or a panel names is there, with the labels they ask for', () => {
  const named = expressions().flatMap(namesIn)

  assert.ok(expressions().length > 25, String(expressions().length))
  assert.ok(named.length > 30, String(named.length))
  for (const name of named) assert.ok(exposed.has(name), name)
  for (const expression of expressions())
    for (const [, name = '', matchers = ''] of expression.matchAll(/([a-z0-9_]+)\{([^}]*)\}/g))
      for (const [, label = ''] of matchers.matchAll(/(\w+)(?:=~?|!=)"/g))
        assert.ok(exposed.get(name)?.labels.has(label), `${name}{${label}}`)
})

test('what is called a total counts up', () => {
  for (const [name, { type }] of exposed)
    if (name.endsWith('_total')) assert.equal(type, 'counter', name)
})

test('only what counts up is asked for its rate', () => {
  for (const expression of expressions())
    for (const [, name = ''] of expression.matchAll(/(?:rate|increase)\(([a-z0-9_]+)/g))
      assert.ok(['counter', 'histogram'].includes(exposed.get(name)?.type ?? ''), name)
})

test('the names of our metrics follow the conventions: counters end in _total, times and sizes in base units', () => {
  for (const [name, { type }] of exposed) {
    if (!name.startsWith('fastchat_')) continue
    assert.equal(name.endsWith('_total'), type === 'counter', name)
    assert.doesNotMatch(name, /_(ms|millis|milliseconds|kb|mb|minutes)(_|$)/)
  }
})

test('Prometheus has a rule for each kind of alert there is, and for no other; each says what to do', () => {
  const rules = alerts.split(/^ {6}- alert: /m).slice(1)
  const kinds = rules.map((rule) => /kind: (\w+)/.exec(rule)?.[1] ?? '')

  assert.deepEqual(kinds.toSorted(), [...alertKinds].toSorted())
  for (const rule of rules) {
    assert.match(rule, /^FastChat[A-Za-z]+\n {8}(#.*\n {8})?expr: /)
    assert.match(rule, /severity: (warning|critical)/)
    assert.match(rule, /summary: .+\.["']?\n/)
    assert.match(rule, /advice: [A-Z].+\.\n/)
    assert.equal(count(rule, '('), count(rule, ')'))
  }
})

test('every panel has a title, a description and a unit, and none lies over another', () => {
  const places = new Set<string>()
  for (const { title, description, fieldConfig, gridPos } of dashboard.panels) {
    assert.ok(title !== '' && description.endsWith('.') && fieldConfig.defaults.unit !== '', title)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        assert.ok(x < 24 && !places.has(`${x},${y}`), title)
        places.add(`${x},${y}`)
      }
  }
})

test('the backup names every table there is: those to keep, and those to leave out', () => {
  const root = path.resolve(import.meta.dirname, '../..')
  const tables = readdirSync(path.join(root, 'prisma/migrations')).flatMap((name) =>
    [
      ...readFileSync(path.join(root, 'prisma/migrations', name, 'migration.sql'), 'utf8').matchAll(
        /CREATE (?:UNLOGGED )?TABLE "?([a-z_]+)"?/g,
      ),
    ].map(([, table = '']) => table),
  )
  const page = readFileSync(path.join(root, 'docs/operations.md'), 'utf8')
  const keep = /^- Back up what belongs .*$/m.exec(page)?.[0] ?? ''
  const leaveOut = /^- Leave out .*$/m.exec(page)?.[0] ?? ''
  const named = (line: string) => [...line.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name)
  const excluded = [...page.matchAll(/--exclude-table-data='?([a-z_*]+)/g)].map(
    ([, one = '']) => one,
  )

  assert.deepEqual(
    [...named(keep), ...named(leaveOut)].toSorted(),
    [
      ...new Set([...tables.filter((name) => !name.endsWith('_')), '_prisma_migrations']),
    ].toSorted(),
  )
  for (const table of named(leaveOut).filter((name) => name !== 'sweeper'))
    assert.ok(
      excluded.some((pattern) => new RegExp(`^${pattern.replace('*', '.*')}$`).test(table)),
      table,
    )
  for (const table of named(keep))
    assert.ok(
      !excluded.some((pattern) => new RegExp(`^${pattern.replace('*', '.*')}$`).test(table)),
      table,
    )
})

const hasSystemd = canRun('systemd-analyze', ['--version'])

test('systemd understands the unit', { skip: !hasSystemd && 'there is no systemd here' }, () => {
  const unit = path.resolve(import.meta.dirname, '../../ops/fastchat@.service')
  // It also looks for the user and the folders, which are those of the machine it will run on.
  const said = execFileSync('/bin/sh', ['-c', 'systemd-analyze verify "$0" 2>&1 || true', unit], {
    encoding: 'utf8',
  })

  assert.doesNotMatch(said, /fastchat@\.service:\d+: /)
})

function canRun(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function count(text: string, what: string): number {
  return text.split(what).length - 1
}
