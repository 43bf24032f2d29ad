const notAgainWithinMs = 10_000

/**
 * The policy of a page names the servers that there were when it was loaded. When one that came
 * later is asked, the page loads itself anew, for the session is kept in the tab. Not again and
 * again: what is refused right after that is refused for another reason.
 */
export function renewPolicy(): void {
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
    const isNew = performance.now() < notAgainWithinMs && wasReloaded()
    if (effectiveDirective === 'connect-src' && !isNew) location.reload()
  })
}

function wasReloaded(): boolean {
  const [navigation] = performance.getEntriesByType('navigation')
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload'
}
