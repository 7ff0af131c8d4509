import { writeFile } from "node:fs/promises";
import { convert, decode } from "../decode.ts";
import { toWav } from "../wav.ts";
import { addNoise } from "./noise.ts";

/** What happens to a recording before it is transcribed. Encoders write no time and no version, so runs are alike. */
const EXACT = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact"];
const TELEPHONE = [
  "-af",
  "highpass=f=300,highpass=f=300,lowpass=f=3400,lowpass=f=3400",
  "-ar",
  "8000",
  "-c:a",
  "pcm_mulaw",
];
const NOISE_DECIBELS = 10;

export interface Condition {
  title: string;
  /** Null: as it is. */
  extension: string | null;
  /** Writes the recording anew; `seed` is one of the recording's own. */
  make(path: string, output: string, seed: number): Promise<void>;
}

export type ConditionName = "clean" | "telephone" | "mp3" | "noise";

export const CONDITIONS: Record<ConditionName, Condition> = {
  clean: { title: "clean", extension: null, make: async () => {} },
  telephone: {
    title: "telephone band",
    extension: "wav",
    make: (path, output) => convert(path, ["-ac", "1", ...TELEPHONE, ...EXACT], output),
  },
  mp3: {
    title: "MP3, 24 kbit/s",
    extension: "mp3",
    make: (path, output) => {
      const options = ["-ac", "1", "-ar", "16000", "-c:a", "libmp3lame", "-b:a", "24k", "-write_xing", "0"];
      return convert(path, [...options, ...EXACT], output);
    },
  },
  noise: {
    title: `pink noise, ${NOISE_DECIBELS} dB`,
    extension: "wav",
    make: async (path, output, seed) =>
      writeFile(output, toWav(addNoise(await decode(path), NOISE_DECIBELS, seed))),
  },
};

export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[];

/** Throws with the names there are. */
export function parseConditions(names: readonly string[]): ConditionName[] {
  const unknown = names.find((name) => !(name in CONDITIONS));
  if (unknown !== undefined) throw new Error(`No condition ${unknown}: ${CONDITION_NAMES.join(", ")}.`);
  return CONDITION_NAMES.filter((name) => names.includes(name));
}
