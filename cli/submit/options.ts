import type { Command } from "commander";
import type { FormatName } from "../../src/formats/index.ts";
import { type ConnectionOptions, clientHelp } from "../client/command.ts";
import { declareRecordingOptions, type RecordingOptions } from "../recording-options.ts";
import { formatOption } from "../shared-options.ts";

/** The options of `scriptorium submit` as commander hands them over. */
export interface SubmitOptions extends ConnectionOptions, RecordingOptions {
  wait?: true;
  format?: FormatName;
  output?: string;
  json?: true;
  quiet?: true;
}

/** Declare the options and the help of the command. */
export function declareSubmitOptions(command: Command): Command {
  command
    .description("Upload recordings to a deployment. Prints their ids or, with --wait, their transcripts.")
    .argument("<files...>", "recordings, folders or patterns")
    .option("-w, --wait", "wait until the transcripts are there, and print or write them")
    .addOption(formatOption("with --wait; text by default, json with --output"))
    .option("-o, --output <folder>", "with --wait: write one file per recording into this folder");
  return declareRecordingOptions(command)
    .option("--json", "one JSON object per recording on standard output, errors included")
    .option("-q, --quiet", "no progress on standard error, only errors")
    .addHelpText("after", HELP);
}

const HELP = clientHelp(
  [
    "scriptorium submit call.mp3",
    "scriptorium submit --wait --format srt --output subtitles/ lectures/",
    "scriptorium submit --webhook https://example.com/hook --metadata case=A-17 call.wav",
  ],
  "0 everything was accepted (with --wait: transcribed); 1 something failed",
);
