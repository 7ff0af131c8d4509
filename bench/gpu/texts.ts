import type { DeviceChoice, Precision } from "../../src/asr/index.ts";
import { BUNDLED_PACK } from "../engine.ts";
import { runChild } from "./child.ts";

interface Texts {
  device: string;
  precision: Precision;
  names: string[];
  texts: string[];
}

/** How what a device hears in the fixtures differs from what the CPU hears, with the bundled pack. */
export interface TextComparison {
  precision: Precision;
  utterances: number;
  different: { name: string; there: string; cpu: string }[];
}

/** Throws where either takes longer than `limit` seconds. */
export async function compareTexts(
  device: DeviceChoice,
  {
    precision,
    limit,
    model = BUNDLED_PACK,
  }: { precision: Precision | undefined; limit: number; model?: string },
): Promise<TextComparison> {
  const there = await runChild<Texts>("texts-main.ts", { model, device, precision }, limit);
  const here = await runChild<Texts>("texts-main.ts", { model, device: "cpu" }, limit);
  const different = there.names
    .map((name, index) => ({ name, there: there.texts[index], cpu: here.texts[index] }))
    .filter((one) => one.there !== one.cpu);
  return { precision: there.precision, utterances: there.names.length, different };
}
