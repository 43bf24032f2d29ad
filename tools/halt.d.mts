export declare class Halt extends Error {}

export declare function runTask(task: () => Promise<number> | Promise<void>): Promise<void>
