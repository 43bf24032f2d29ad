/** The number on the icon of the installed app, where there is one. */
export function showCount(unread: number): void {
  const { setAppBadge } = navigator as { setAppBadge?: (count: number) => Promise<void> }
  setAppBadge?.call(navigator, unread).catch(() => undefined)
}
