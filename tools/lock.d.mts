export type Lock = {
  readonly interrupted: boolean
  release(): void
}

export declare function tryLock(file: string): Promise<Lock | undefined>

export declare function withLock<T>(
  file: string,
  use: (lock: Lock) => Promise<T>,
  options?: { readonly onWait?: () => void },
): Promise<T>

export declare function holder(file: string): number | undefined

export declare function isAlive(pid: number): boolean
