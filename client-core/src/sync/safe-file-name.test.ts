import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { safeFileName } from './safe-file-name.ts'

const cases: readonly (readonly [name: string, type: string, safe: string])[] = [
  ['map.png', 'image/png', 'map.png'],
  ['Größe – 2026 (1).pdf', 'application/pdf', 'Größe – 2026 (1).pdf'],
  ['../../x', 'image/png', 'x.png'],
  ['..\\..\\x.png', 'image/png', 'x.png'],
  ['/etc/passwd', 'text/plain', 'passwd.bin'],
  ['C:\\Windows\\system32\\a.dll', '', 'a_dll.bin'],
  ['CON', 'image/png', 'CON_.png'],
  ['nul.txt', 'text/plain', 'nul_.txt'],
  ['COM1.tar.gz', '', 'COM1_tar.gz'],
  ['Lpt9 .png', 'image/png', 'Lpt9_.png'],
  ['NUL\0.png', 'image/png', 'NUL_.png'],
  ['\0\u0007', 'image/png', 'file.png'],
  ['photo\u202Egnp.exe', 'image/png', 'photognp.png'],
  ['photo\u202Egnp.exe', 'application/pdf', 'photognp_exe.bin'],
  ['invoice\u200B.pdf', '', 'invoice.pdf'],
  ['evil.desktop', 'image/png', 'evil.png'],
  ['evil.desktop', '', 'evil_desktop.bin'],
  ['run.sh', 'text/plain', 'run_sh.bin'],
  ['holiday.jpg.exe', '', 'holiday_jpg_exe.bin'],
  ['page.html', 'text/html', 'page_html.bin'],
  ['drawing.svg', 'image/svg+xml', 'drawing_svg.bin'],
  ['-rf', '', 'rf.bin'],
  ['--help.txt', 'text/plain', 'help.txt'],
  ['.bashrc', '', 'bashrc.bin'],
  ['name.txt...   ', 'text/plain', 'name.txt'],
  ['...', '', 'file.bin'],
  ['', '', 'file.bin'],
  ['a:b|c?.txt', '', 'a_b_c_.txt'],
  ['$(reboot).txt', '', '(reboot).txt'],
  ['a\nb\r\u2028c.txt', '', 'abc.txt'],
]

for (const [name, type, safe] of cases) {
  test(`${JSON.stringify(name)} as ${type || 'anything'} is saved as ${safe}`, () => {
    assert.equal(safeFileName(name, type), safe)
  })
}

test('a name of 255 bytes and more is cut between characters, and keeps its extension', () => {
  for (const name of [
    `${'x'.repeat(255)}.png`,
    `${'ü'.repeat(200)}.png`,
    `${'🙂'.repeat(99)}.png`,
  ]) {
    const safe = safeFileName(name, 'image/png')
    assert.ok(Buffer.byteLength(safe) <= 200, safe)
    assert.ok(safe.endsWith('.png') && safe.isWellFormed())
  }
})

test('whatever the sender writes, the name stays in its folder and cannot run', () => {
  const hostile = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '..',
        '/',
        '\\',
        '\0',
        '.',
        ' ',
        '-',
        'CON',
        'nul',
        '\u202E',
        '.exe',
        '.lnk',
        ':',
        '~',
      ),
    ),
  )
  const type = fc.constantFrom('image/png', 'image/jpeg', 'text/html', '', 'application/x-sh')

  fc.assert(
    fc.property(hostile, type, (pieces, claimed) => {
      const safe = safeFileName(pieces.join(''), claimed)

      assert.ok(!/[/\\\0:*?"<>|\p{C}]/u.test(safe), JSON.stringify(safe))
      assert.ok(!/^[.\s-]|[.\s]$/.test(safe), JSON.stringify(safe))
      assert.ok(!/^(con|prn|aux|nul|com\d|lpt\d)\./i.test(safe), safe)
      assert.ok(Buffer.byteLength(safe) <= 200 && safe.length >= 5)
      assert.equal(safe.split('.').length, 2, safe)
      assert.ok(!/\.(exe|lnk|desktop|sh|html|svg|js)$/i.test(safe), safe)
      assert.equal(safeFileName(safe, claimed), safe)
    }),
    { numRuns: 500 },
  )
})
