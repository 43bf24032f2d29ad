import { safetyNumberLines } from '../text/safety-number-lines.ts'

export function safetyNumberAnswer({
  name,
  digits,
}: {
  readonly name: string
  readonly digits: string
}): readonly string[] {
  return [
    `The safety number you share with ${name}:`,
    ...safetyNumberLines(digits).map((line) => `  ${line}`),
    `Is it the same on the side of ${name}? Then: /verify ${name} done`,
  ]
}
