import type { Command } from "commander";

/** Where a command writes, so that tests can listen. */
export interface Terminal {
  stdout: NodeJS.WriteStream | NodeJS.WritableStream;
  stderr: NodeJS.WriteStream | NodeJS.WritableStream;
}

/** Exit codes: the work is done, part of it failed, the call makes no sense, or the user interrupted it. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Makes a command. It calls `exit` with the exit code when its work is done. */
export type CommandFactory = (terminal: Terminal, exit: (code: number) => void) => Command;

/** A line for people, on standard error. */
export function say(terminal: Terminal, line: string): void {
  terminal.stderr.write(`${line}\n`);
}

/** Resolves once the stream has taken it, so that a slow reader of a pipe slows the command down. */
export function writeAll(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** A line of output, on standard output. */
export function print(terminal: Terminal, line: string): Promise<void> {
  return writeAll(terminal.stdout, `${line}\n`);
}

export function printJson(terminal: Terminal, value: unknown): Promise<void> {
  return print(terminal, JSON.stringify(value));
}

export function isInteractive(stream: Terminal["stderr"]): stream is NodeJS.WriteStream {
  return "isTTY" in stream && stream.isTTY === true;
}
