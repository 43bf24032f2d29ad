import type { App } from './app.svelte.ts'
import type { Screen } from './screen.svelte.ts'
import type { Session } from './session.svelte.ts'
import { isTypingIn, type Pressed, shortcutOf } from './shortcuts.ts'

/** What the shortcuts do. Returns a listener for key presses of the whole window. */
export function keyboard(app: App, session: Session, screen: Screen) {
  const step = (by: 1 | -1, onlyUnread: boolean) => {
    const { list } = session.chats
    const at = list.findIndex((chat) => chat.address === app.route.open)
    const start = at < 0 && by < 0 ? list.length : at
    for (let index = start + by; index >= 0 && index < list.length; index += by) {
      const chat = list[index]
      if (chat !== undefined && (!onlyUnread || chat.unread > 0)) return app.route.go(chat.address)
    }
  }
  const act = ({ id, index }: Pressed) => {
    switch (id) {
      case 'switch':
        return screen.open('switcher')
      case 'sheet':
        return screen.open('shortcuts')
      case 'previous':
      case 'previous-unread':
        return step(-1, id === 'previous-unread')
      case 'next':
      case 'next-unread':
        return step(1, id === 'next-unread')
      case 'nth': {
        const chat = session.chats.list[index]
        return chat === undefined ? undefined : app.route.go(chat.address)
      }
      case 'section':
        return focusNextSection()
    }
  }
  return (event: KeyboardEvent) => {
    const pressed = shortcutOf(event, isTypingIn(event.target))
    if (pressed === undefined || (screen.dialog !== undefined && pressed.id !== 'switch')) return
    event.preventDefault()
    act(pressed)
  }
}

/** Each part says by an attribute what of it takes the focus first. */
function focusNextSection(): void {
  const entries = [...document.querySelectorAll<HTMLElement>('[data-section]')].filter(
    (element) => element.offsetParent !== null,
  )
  const at = entries.findIndex((entry) => sectionOf(entry)?.contains(document.activeElement))
  entries[(at + 1) % Math.max(1, entries.length)]?.focus()
}

function sectionOf(entry: HTMLElement): Element | null {
  return entry.closest('nav, main, aside')
}
