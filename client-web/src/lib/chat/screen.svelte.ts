import type { FileMessage } from '@fastchat/client-core'
import { createContext } from 'svelte'

/** Small windows over the page; one at a time. Each is loaded when it is first opened. */
export type DialogName =
  | 'switcher'
  | 'new-chat'
  | 'new-group'
  | 'shortcuts'
  | 'settings'
  | 'sign-out'

const roomForDetails = matchMedia('(min-width: 1100px)')

/** What is open beside the conversation. Nothing of it survives a reload. */
export class Screen {
  dialog = $state<DialogName>()
  /** The column with the safety number or the members; where there is room it is open at first. */
  hasDetails = $state(roomForDetails.matches)
  /** The picture that is shown large. */
  picture = $state.raw<FileMessage>()
  /** The message whose deliveries are shown, one line for each member. */
  deliveries = $state<string>()
  isOnline = $state(navigator.onLine)

  constructor() {
    // In a window made narrow they would lie over the conversation without having been asked for.
    roomForDetails.addEventListener('change', ({ matches }) => {
      this.hasDetails = matches
    })
    const look = () => {
      this.isOnline = navigator.onLine
    }
    addEventListener('online', look)
    addEventListener('offline', look)
  }

  open(dialog: DialogName): void {
    this.dialog = dialog
  }

  close(): void {
    this.dialog = undefined
  }
}

export const [getScreen, setScreen] = createContext<Screen>()
