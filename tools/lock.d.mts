export declare function withLock<T>(
  file: string,
  use: (before: { readonly interrupted: boolean }) => Promise<T>,
  options?: { readonly onWait?: () => void },
): Promise<T>

export declare function isAlive(pid: number): boolean
