import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { follow, withFakeClone } from './fake-clone.ts'

/** Says when it runs, counts signals, and ends half a second after the first. */
const signalCounter = `
  let count = 0
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      count += 1
      if (count === 1) setTimeout(() => { console.log(signal, count); process.exit(7) }, 500)
    })
  setInterval(() => {}, 1000)
  console.log('running')
`

test('the first run installs, the second does not', () =>
  withFakeClone(async ({ run, writeTask, installs }) => {
    writeTask('hello', 'console.log("hello")')

    const first = await run(['hello']).ended
    const second = await run(['hello']).ended

    assert.equal(first.stdout, 'hello\n')
    assert.match(first.stderr, /^Installing packages.*\nInstalled packages in \d+ s\.\n$/)
    assert.deepEqual(second, { code: 0, stdout: 'hello\n', stderr: '' })
    assert.equal(installs().length, 1)
  }))

test('what tests and checks need is installed in production too', () =>
  withFakeClone(async ({ run, writeTask, installs }) => {
    writeTask('hello', '')

    await run(['hello'], { NODE_ENV: 'production', npm_config_omit: 'dev optional' }).ended

    assert.match(installs()[0] ?? '', /^ci --include=dev --include=optional /)
  }))

test('two first runs at the same moment install once', () =>
  withFakeClone(async ({ run, writeTask, installs }) => {
    writeTask('hello', 'console.log("hello")')

    const both = await Promise.all([run(['hello']).ended, run(['hello']).ended])

    assert.deepEqual(
      both.map(({ code, stdout }) => [code, stdout]),
      [
        [0, 'hello\n'],
        [0, 'hello\n'],
      ],
    )
    assert.equal(installs().length, 1)
  }))

test('an install that was cut short is done again', () =>
  withFakeClone(async ({ folder, run, writeTask, installs }) => {
    writeTask('hello', '')
    await run(['hello']).ended
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
    await follow(dead).ended
    writeFileSync(path.join(folder, '.install.lock'), String(dead.pid))

    const { code } = await run(['hello']).ended

    assert.equal(code, 0)
    assert.equal(installs().length, 2)
  }))

test('a failed install shows the reason of npm and no stack', () =>
  withFakeClone(async ({ run, writeTask }) => {
    writeTask('hello', 'console.log("hello")')

    const { code, stdout, stderr } = await run(['hello'], { FAKE_NPM: 'fails' }).ended

    assert.equal(code, 1)
    assert.equal(stdout, '')
    assert.match(stderr, /npm error the disk is full\n\nInstalling packages failed/)
    assert.doesNotMatch(stderr, /\bat .*\.mjs/)
  }))

test('a task gets its arguments as they are, and its exit code is passed on', () =>
  withFakeClone(async ({ run, writeTask }) => {
    writeTask('echo', 'console.log(JSON.stringify(process.argv.slice(2))); process.exit(3)')

    const { code, stdout } = await run(['echo', 'two words', '$HOME', '--flag=1']).ended

    assert.equal(code, 3)
    assert.deepEqual(JSON.parse(stdout), ['two words', '$HOME', '--flag=1'])
  }))

test('a task that does not exist is named in one line', () =>
  withFakeClone(async ({ run }) => {
    const { code, stderr } = await run(['../evil']).ended

    assert.equal(code, 1)
    assert.equal(stderr, 'There is no task "../evil". npm run lists them.\n')
  }))

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(
    `${signal} reaches the task once, and its answer counts`,
    { skip: process.platform === 'win32' },
    () =>
      withFakeClone(async ({ run, writeTask }) => {
        writeTask('wait', signalCounter)
        const task = run(['wait'])
        await task.writes('running')

        task.process.kill(signal)

        const { code, stdout } = await task.ended
        assert.equal(code, 7)
        assert.equal(stdout, `running\n${signal} 1\n`)
      }),
  )

test(
  'a task ends when the shell that npm started it with is killed',
  { skip: process.platform !== 'linux' },
  () =>
    withFakeClone(async ({ folder, run, writeTask }) => {
      writeTask('wait', signalCounter)
      writeTask('hello', '')
      await run(['hello']).ended
      const runner = path.join(folder, 'tools/run.mjs')
      // The second command keeps the shell from becoming the first.
      const shell = spawn('sh', ['-c', `"$0" "$1" wait; true`, process.execPath, runner], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, npm_lifecycle_event: 'wait' },
      })
      const task = follow(shell)
      await task.writes('running')

      shell.kill('SIGKILL')

      // The pipe closes when the last process that holds it has ended.
      const { stdout } = await task.ended
      assert.equal(stdout, 'running\nSIGTERM 1\n')
    }),
)
