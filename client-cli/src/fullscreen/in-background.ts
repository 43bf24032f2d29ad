import { describeFailure } from '../describe-failure.ts'
import { answered } from './model/notices.ts'
import type { ScreenStore } from './screen-store.ts'

/** For work that nobody waits for: the person learns why it failed, and the chat goes on. */
export function inBackground(store: ScreenStore, work: unknown): void {
  Promise.resolve(work).catch((error: unknown) => {
    store.set((state) => answered(state, [describeFailure(error).message]))
  })
}
