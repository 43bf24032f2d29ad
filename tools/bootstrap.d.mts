export declare const root: string

export declare function ensureInstalled(folder?: string, what?: string): Promise<void>
