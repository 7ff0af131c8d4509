/** Where a command writes, so that tests can listen. */
export interface Terminal {
  stdout: NodeJS.WriteStream | NodeJS.WritableStream;
  stderr: NodeJS.WriteStream | NodeJS.WritableStream;
}

/** Exit codes: the work is done, part of it failed, the call makes no sense, or the user interrupted it. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;
