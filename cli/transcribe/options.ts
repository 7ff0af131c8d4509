import { type Command, Option } from "commander";
import { DEVICE_CHOICES, type DeviceChoice, type Hotword } from "../../src/asr/index.ts";
import type { FormatName } from "../../src/formats/index.ts";
import { decimal, wholeNumber } from "../numbers.ts";
import {
  alternativesOption,
  channelsOption,
  endOption,
  formatOption,
  hotwordOption,
  startOption,
  trackOption,
  type WritingFlags,
  writingOptions,
} from "../shared-options.ts";

/** The options of `scriptorium transcribe` as commander hands them over. */
export interface TranscribeCommandOptions extends WritingFlags {
  format?: FormatName;
  output?: string;
  jsonLines?: true;
  model?: string;
  device?: DeviceChoice;
  hotword?: Hotword[];
  alternatives?: number;
  channels: "mix" | "split";
  track?: number;
  start?: number;
  end?: number;
  ctcWeight?: number;
  reverseWeight?: number;
  lmWeight?: number;
  beam?: number;
  maxSegment?: number;
  minSilence?: number;
  quiet?: true;
}

/** Declare the options and the help of the command. */
export function declareOptions(command: Command): Command {
  const declared = command
    .description("Transcribe recordings. Results go to standard output, or to files with --output.")
    .argument("<files...>", 'recordings, folders or patterns; "-" reads standard input')
    .addOption(formatOption("text by default; json with --output"))
    .option("-o, --output <folder>", "write one file per recording into this folder")
    .option("--json-lines", "one JSON object per recording on standard output, errors included")
    .option("--model <folder>", "model pack; default: the bundled one, or SCRIPTORIUM_MODEL")
    .addOption(
      new Option("--device <device>", "where the model runs; default: auto, or SCRIPTORIUM_DEVICE").choices([
        ...DEVICE_CHOICES,
      ]),
    )
    .addOption(hotwordOption())
    .addOption(alternativesOption())
    .addOption(channelsOption("one transcript, or one per channel (or track)").default("mix"))
    .addOption(trackOption())
    .addOption(startOption())
    .addOption(endOption());
  for (const option of writingOptions()) declared.addOption(option);
  return declared
    .option("--ctc-weight <x>", "weight of the CTC score beside attention; default: the model's", decimal)
    .option(
      "--reverse-weight <x>",
      "share of the right-to-left decoder, 0 to 1; default: the model's",
      decimal,
    )
    .option("--lm-weight <x>", "weight of the language model, 0 for none; default: the model's", decimal)
    .option("--beam <n>", "prefixes kept by the search, 1 to 100; default: the model's", wholeNumber)
    .option("--max-segment <seconds>", "longest segment given to the model; default: the model's", decimal)
    .option("--min-silence <seconds>", "pause that ends a segment", decimal)
    .option("-q, --quiet", "no progress on standard error, only errors")
    .addHelpText("after", HELP);
}

const HELP = `
Examples:
  scriptorium transcribe call.mp3
  scriptorium transcribe --format srt --output subtitles/ lectures/
  scriptorium transcribe --hotword "SCRIPTORIUM:2" --alternatives 3 --format json call.wav
  cat call.wav | scriptorium transcribe -

Exit codes: 0 every recording was transcribed; 1 one or more failed; 2 the command line is wrong; 130 interrupted.
Anything but 16 kHz 16-bit PCM WAV is read through ffmpeg, which must be installed for it.`;
