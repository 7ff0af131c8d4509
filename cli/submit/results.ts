import type { FormatName } from "../../src/formats/index.ts";
import type { Input } from "../inputs.ts";
import { InOrder } from "../results/in-order.ts";
import { saveBelow } from "../results/save.ts";
import { checkSharing, onSheet } from "../results/sheet.ts";
import type { SubmitOptions } from "./options.ts";

/** What comes out for each recording. `index` is its place on the command line. */
export interface SubmitResults {
  /** Of the transcripts to ask for. */
  format: FormatName;
  submitted(index: number, input: Input, id: string): Promise<void>;
  completed(index: number, input: Input, id: string, body: string): Promise<void>;
  /** `id` is null where it was not even accepted. */
  failed(
    index: number,
    input: Input,
    id: string | null,
    status: string,
    error: { code: string; message: string },
  ): Promise<void>;
}

/** Choose the destination. Throws UsageError where several results would run into one another. */
export function makeSubmitResults(
  options: SubmitOptions,
  inputs: number,
  write: (text: string) => Promise<void>,
): SubmitResults {
  const { output, json } = options;
  const format = options.format ?? (output === undefined && !json ? "text" : "json");
  if (json) return jsonLines(output, format, write);
  if (output === undefined) checkSharing(format, inputs);
  const out = new InOrder(write);
  return {
    format,
    submitted: (index, { path }, id) => out.put(index, inputs > 1 ? `${id}\t${path}\n` : `${id}\n`),
    async completed(index, { path, stem }, _id, body) {
      if (output === undefined) await out.put(index, onSheet(path, format, body, inputs));
      else await saveBelow(output, stem, format, body);
    },
    failed: (index) => out.put(index, ""),
  };
}

/** As they come: each says which recording it is about. */
function jsonLines(
  output: string | undefined,
  format: FormatName,
  write: (text: string) => Promise<void>,
): SubmitResults {
  const put = (value: Record<string, unknown>) => write(`${JSON.stringify(value)}\n`);
  return {
    format,
    submitted: (_index, { path }, id) => put({ file: path, id, status: "submitted" }),
    async completed(_index, { path, stem }, id, body) {
      const result =
        output === undefined
          ? { transcript: format === "json" ? JSON.parse(body) : body }
          : { output: await saveBelow(output, stem, format, body) };
      await put({ file: path, id, status: "completed", ...result });
    },
    failed: (_index, { path }, id, status, error) => put({ file: path, id, status, error }),
  };
}
