import { FORMATS, type FormatName, type Transcript } from "../../src/formats/index.ts";
import type { Input } from "../inputs.ts";
import { InOrder } from "../results/in-order.ts";
import { saveBelow } from "../results/save.ts";
import { checkSharing, onSheet } from "../results/sheet.ts";
import { type Terminal, writeAll } from "../terminal.ts";
import type { TranscribeCommandOptions } from "./options.ts";

/** Where transcripts go. `index` is the recording's place on the command line. */
export interface Results {
  completed(index: number, input: Input, transcript: Transcript): Promise<void>;
  failed(index: number, input: Input, code: string, message: string): Promise<void>;
}

/** Choose the destination. Throws UsageError where several results would run into one another. */
export function makeResults(options: TranscribeCommandOptions, inputs: number, terminal: Terminal): Results {
  const format = options.format ?? (options.output === undefined ? "text" : "json");
  const write = (text: string) => writeAll(terminal.stdout, text);
  if (options.jsonLines) return jsonLines(options.output, format, write);
  if (options.output !== undefined) return files(options.output, format);
  checkSharing(format, inputs);
  return stream(format, inputs, write);
}

function jsonLines(
  folder: string | undefined,
  format: FormatName,
  write: (text: string) => Promise<void>,
): Results {
  return {
    async completed(_index, { path, stem }, transcript) {
      const result =
        folder === undefined ? { transcript } : { output: await save(folder, stem, format, transcript) };
      await write(`${JSON.stringify({ file: path, status: "completed", ...result })}\n`);
    },
    failed: (_index, { path }, code, message) =>
      write(`${JSON.stringify({ file: path, status: "failed", error: { code, message } })}\n`),
  };
}

function files(folder: string, format: FormatName): Results {
  return {
    async completed(_index, { stem }, transcript) {
      await save(folder, stem, format, transcript);
    },
    async failed() {},
  };
}

function stream(format: FormatName, inputs: number, write: (text: string) => Promise<void>): Results {
  const out = new InOrder(write);
  return {
    completed: (index, { path }, transcript) =>
      out.put(index, onSheet(path, format, FORMATS[format].render(transcript), inputs)),
    failed: (index) => out.put(index, ""),
  };
}

function save(folder: string, stem: string, format: FormatName, transcript: Transcript): Promise<string> {
  return saveBelow(folder, stem, format, FORMATS[format].render(transcript));
}
