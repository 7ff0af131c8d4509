import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { EngineError } from "../../asr/index.ts";
import { FORMATS, type FormatName, type Transcript } from "../../formats/index.ts";
import type { Terminal } from "../terminal.ts";
import type { Input } from "./inputs.ts";
import type { TranscribeCommandOptions } from "./options.ts";

/** Where transcripts go. `index` is the recording's place on the command line. */
export interface Results {
  completed(index: number, input: Input, transcript: Transcript): Promise<void>;
  failed(index: number, input: Input, code: string, message: string): Promise<void>;
}

/** Choose the destination. Throws EngineError invalid_option where several results would run into one another. */
export function makeResults(options: TranscribeCommandOptions, inputs: number, terminal: Terminal): Results {
  const format = options.format ?? (options.output === undefined ? "text" : "json");
  const write = (text: string) => writeAll(terminal.stdout, text);
  if (options.jsonLines) return jsonLines(options.output, format, write);
  if (options.output !== undefined) return files(options.output, format);
  if (inputs > 1 && (format === "srt" || format === "vtt")) {
    const message = `Subtitles of ${inputs} recordings cannot share one stream. Name a folder with --output.`;
    throw new EngineError("invalid_option", message);
  }
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

/** Results in the order of the command line, each as soon as those before it are out. */
function stream(format: FormatName, inputs: number, write: (text: string) => Promise<void>): Results {
  const waiting = new Map<number, string>();
  let next = 0;
  const put = async (index: number, text: string) => {
    waiting.set(index, text);
    for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
      waiting.delete(next++);
      await write(ready);
    }
  };
  return {
    completed(index, { path }, transcript) {
      const heading = inputs > 1 && format === "text" ? `==> ${path} <==\n` : "";
      const body = FORMATS[format].render(transcript);
      return put(index, heading + (body === "" || body.endsWith("\n") ? body : `${body}\n`));
    },
    failed: (index) => put(index, ""),
  };
}

/** Written beside its place and moved there, so that a reader never sees half a file. Returns the path. */
async function save(
  folder: string,
  stem: string,
  format: FormatName,
  transcript: Transcript,
): Promise<string> {
  const path = join(folder, `${stem}.${FORMATS[format].extension}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, FORMATS[format].render(transcript));
  await rename(`${path}.part`, path);
  return path;
}

function writeAll(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
