/**
 * A button that takes itself away, such as "Send again", leaves nobody focused: then the keyboard
 * would begin at the top of the page. This moves on to the nearest part that takes the focus.
 */
export function keepFocus(): () => void {
  let last: { readonly element: Element; readonly part: Element | null } | undefined
  const remember = ({ target }: FocusEvent) => {
    if (target instanceof Element)
      last = { element: target, part: target.closest('nav, main, aside') }
  }
  const look = () => {
    // Once what was pressed has done its work and the page was drawn.
    setTimeout(() => {
      if (last === undefined || document.activeElement !== document.body) return
      const isGone = !last.element.isConnected || !isShown(last.element)
      if (isGone) fallback(last.part)?.focus()
    }, 60)
  }
  document.addEventListener('focusin', remember)
  document.addEventListener('click', look)
  document.addEventListener('keyup', look)
  addEventListener('hashchange', look)
  return () => {
    document.removeEventListener('focusin', remember)
    document.removeEventListener('click', look)
    document.removeEventListener('keyup', look)
    removeEventListener('hashchange', look)
  }
}

function fallback(part: Element | null): HTMLElement | undefined {
  // Where a field would bring up a keyboard over half of the screen, the messages take the focus.
  const wanted = matchMedia('(pointer: coarse)').matches
    ? '[data-rest], [data-section]:not(textarea)'
    : '[data-section]'
  const near = part?.isConnected ? [...part.querySelectorAll<HTMLElement>(wanted)] : []
  const all = [...document.querySelectorAll<HTMLElement>(wanted)]
  return [...near, ...all].find(isShown)
}

function isShown(element: Element): boolean {
  return element instanceof HTMLElement && element.offsetParent !== null
}
