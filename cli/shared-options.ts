import { Option } from "commander";
import { FORMAT_NAMES } from "../src/formats/index.ts";
import { decimal, wholeNumber } from "./numbers.ts";
import { addHotword, addReplacement } from "./option-parsers.ts";

/** Options that several commands have; `help` is where they differ. */

export function formatOption(help: string): Option {
  return new Option("-f, --format <format>", help).choices([...FORMAT_NAMES]);
}

export function channelsOption(help: string): Option {
  return new Option("--channels <mode>", help).choices(["mix", "split"]);
}

export function hotwordOption(): Option {
  return new Option(
    "--hotword <phrase[:boost]>",
    "expect this word or phrase (boost 0 to 10, default 1); may be repeated",
  ).argParser(addHotword);
}

export function alternativesOption(): Option {
  return new Option("--alternatives <n>", "hypotheses for each segment, 1 to 10 (json)").argParser(
    wholeNumber,
  );
}

export function trackOption(): Option {
  const help = "of several tracks of sound, from 1; default: the file's default one";
  return new Option("--track <n>", help).argParser(wholeNumber);
}

export function startOption(): Option {
  return new Option("--start <seconds>", "transcribe from this second of the recording on").argParser(
    decimal,
  );
}

export function endOption(): Option {
  return new Option("--end <seconds>", "transcribe up to this second of the recording").argParser(decimal);
}

/** What commander hands over of the options below. Each negation is false where it was given. */
export interface WritingFlags {
  formatText: boolean;
  punctuate: boolean;
  numerals: boolean;
  replace?: { find: string; with: string }[];
}

/** How the words are written. */
export function writingOptions(): Option[] {
  const replace = "write it so, wherever it stands; may be repeated";
  return [
    new Option("--no-format-text", "the words as they are heard: no marks, capitals or figures"),
    new Option("--no-punctuate", "no marks and no capitals"),
    new Option("--no-numerals", "numbers in words"),
    new Option("--replace <find=with>", replace).argParser(addReplacement),
  ];
}
