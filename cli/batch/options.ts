import { type Command, InvalidArgumentError, Option } from "commander";
import { FORMAT_NAMES, type FormatName, parseFormat } from "../../src/formats/index.ts";
import type { ManifestFormat } from "../../src/jobs/batch.ts";
import { type ConnectionOptions, clientHelp } from "../client/command.ts";
import { declareRecordingOptions, type RecordingOptions } from "../recording-options.ts";

/** The options of `scriptorium batch create` as commander hands them over. */
export interface CreateBatchOptions extends ConnectionOptions, RecordingOptions {
  bucket?: string;
  prefix?: string;
  manifest?: string;
  manifestFormat?: ManifestFormat;
  name?: string;
  force?: true;
  beside?: true;
  format?: FormatName[];
  watch?: true;
  json?: true;
}

/** Declare the options and the help of the command. */
export function declareBatchOptions(command: Command): Command {
  command
    .description("Transcribe all recordings of a bucket, of a list, or of a folder of this machine.")
    .argument("[folder]", "a folder of this machine, where the service runs on it")
    .option("--bucket <bucket>", "the bucket; with --manifest: of rows that name none")
    .option("--prefix <prefix>", "with --bucket: only keys that begin so")
    .option("--manifest <bucket/key>", "a list of objects")
    .addOption(
      new Option("--manifest-format <format>", "default: what its name ends in").choices([
        "csv",
        "jsonl",
        "s3_inventory",
      ]),
    )
    .option("--name <name>", "for people")
    .option("--force", "do again what this model version has done already")
    .option("--beside", "put results next to each recording rather than with the batch")
    .option(
      "-f, --format <format>",
      `of the result files: ${FORMAT_NAMES.join(", ")}; may be repeated; default: json`,
      addFormat,
    );
  return declareRecordingOptions(command)
    .option("--watch", "go on with `batch watch`")
    .option("--json", "JSON on standard output: the batch; with --watch, then one object per change")
    .addHelpText("after", HELP);
}

const HELP = clientHelp(
  [
    "scriptorium batch create --bucket archive --prefix 1998/ --format srt --watch",
    "scriptorium batch create --manifest archive/lists/1998.csv --bucket archive",
    "scriptorium batch create ~/Recordings --beside --format text",
  ],
  "0 accepted (with --watch: every recording was transcribed); 1 something failed",
);

function addFormat(value: string, previous: FormatName[] = []): FormatName[] {
  const format = parseFormat(value);
  if (!format) throw new InvalidArgumentError(`Allowed choices are ${FORMAT_NAMES.join(", ")}.`);
  return [...new Set([...previous, format])];
}
