import { acknowledge } from '../../domain/delivery/acknowledge.ts'
import { sendMessage } from '../../domain/delivery/send-message.ts'
import type { DeviceViewer } from '../../domain/viewer.ts'
import type { Context } from '../../schema/builder.ts'
import { openInboxOn } from '../../schema/inbox.ts'
import { readAcknowledge, readSendMessage, readUuid } from './read-input.ts'

/** A field of a root type with one argument, which nearly all traffic comes through. */
export interface DirectField<Result> {
  readonly argument: string
  /** What to run for a viewer that the schema would let pass; null for what the executor should look at. */
  prepare(context: Context, viewer: DeviceViewer, value: unknown): (() => Promise<Result>) | null
}

export interface DirectMutation extends DirectField<unknown> {
  /** The type of the answer when nothing is declined. */
  readonly payload: string
}

/** Each answers with one type if all is well, and with a member of its union if the domain declines. */
export const directMutations: ReadonlyMap<string, DirectMutation> = new Map([
  [
    'sendMessage',
    {
      ...direct({
        argument: 'input',
        readInput: readSendMessage,
        run: ({ deps }, viewer, input) => sendMessage(deps, viewer, input),
      }),
      payload: 'SendMessagePayload',
    },
  ],
  [
    'acknowledge',
    {
      ...direct({
        argument: 'input',
        readInput: readAcknowledge,
        run: ({ deps }, viewer, input) => acknowledge(deps, viewer, input),
      }),
      payload: 'AcknowledgePayload',
    },
  ],
])

export const directSubscriptions: ReadonlyMap<
  string,
  DirectField<AsyncIterator<unknown>>
> = new Map([
  ['inbox', direct({ argument: 'attachmentId', readInput: readUuid, run: openInboxOn })],
])

/** What was read is handed to the one that knows its type, and to nobody else. */
function direct<Input, Result>(field: {
  readonly argument: string
  readInput(value: unknown): Input | null
  run(context: Context, viewer: DeviceViewer, input: Input): Promise<Result>
}): DirectField<Result> {
  return {
    argument: field.argument,
    prepare(context, viewer, value) {
      const input = field.readInput(value)
      return input === null ? null : () => field.run(context, viewer, input)
    },
  }
}
