import { Command, InvalidArgumentError } from "commander";
import { print } from "../engine.ts";
import { decoderFlops, encoderFlops, total } from "../limit/flops.ts";
import type { Shapes } from "../limit/shapes.ts";
import { formatTable } from "../metrics/table.ts";
import { H200, MACHINES, type Machine, SPOT_SHARE } from "./cards.ts";

/** Of the paper's size (arXiv 2404.16407), as training.measure.scale makes them. */
const PAPER = {
  ...{ bins: 80, channels: 768, size: 768, heads: 12, blocks: 12, kernel: 15, hidden: 3072 },
  ...{ decoderHidden: 3072, leftBlocks: 3, rightBlocks: 3, vocabulary: 5002 },
};
export const MODELS: Record<string, Shapes> = {
  "Dense-225M": { ...PAPER, experts: 0, activeExperts: 1, parameters: 225e6 },
  "MoE-1B": { ...PAPER, experts: 8, activeExperts: 2, parameters: 1e9 },
};

const CARDS = [...MACHINES, H200];
const CLIP_SECONDS = 15;
const RATE = 16_000;
/** Of speech, in word pieces. */
const TOKENS_PER_SECOND = 3.5;
const HYPOTHESES = 10;
const BYTES = 2; // a number of 16 bits
/** How often a number of the residual stream's width passes through memory in a block: read and written by each step. */
const PASSES = 30;

/** Work on a second of audio: floating-point operations, and bytes to and from the card's memory, weights left out (a batch shares them). */
export function workPerSecond(shapes: Shapes): { flops: number; bytes: number } {
  const samples = CLIP_SECONDS * RATE;
  const tokens = Math.round(CLIP_SECONDS * TOKENS_PER_SECOND);
  const encoder = total(encoderFlops(shapes, [samples]));
  const decoder = decoderFlops(shapes, samples, new Array<number>(HYPOTHESES).fill(tokens));
  const frames = 25; // a second
  const bytes = BYTES * frames * (PASSES * shapes.blocks * shapes.size + 4 * shapes.vocabulary);
  return { flops: (encoder + decoder) / CLIP_SECONDS, bytes };
}

/** Seconds of audio a second, were a card to reach this share of its products and of its bandwidth, one after the other. */
export function scaledRtfx(
  shapes: Shapes,
  { flops, bandwidth }: Pick<Machine, "flops" | "bandwidth">,
  share: number,
): number {
  const work = workPerSecond(shapes);
  return share / (work.flops / flops + work.bytes / bandwidth);
}

/** The share of this model that explains a measured rate on that card. */
export function shareOf(shapes: Shapes, card: Pick<Machine, "flops" | "bandwidth">, rtfx: number): number {
  return rtfx / scaledRtfx(shapes, card, 1);
}

interface CostFlags {
  share: number;
  measured?: { card: string; rtfx: number };
}

/** `bench gpu-cost`: an hour of audio on the machines that carry a GPU, by arithmetic. */
export function gpuCostCommand(): Command {
  return new Command("gpu-cost")
    .description("what an hour of audio costs on AWS's machines with a GPU, scaled by FLOPs and bandwidth")
    .option("--share <x>", "of a card's FLOPs and bandwidth that the engine reaches", Number, 0.2)
    .option(
      "--measured <card=rtfx>",
      "MoE-1B's RTFx on one of the cards: the others by its share",
      parseMeasured,
    )
    .action(({ share, measured }: CostFlags) => print(costTable(measured ? shareMeasured(measured) : share)));
}

function parseMeasured(text: string): { card: string; rtfx: number } {
  const [card, rtfx] = text.split("=");
  if (!CARDS.some((one) => one.card === card) || !(Number(rtfx) > 0))
    throw new InvalidArgumentError(`one of ${CARDS.map((one) => one.card).join(", ")} = a number`);
  return { card, rtfx: Number(rtfx) };
}

function shareMeasured({ card, rtfx }: { card: string; rtfx: number }): number {
  return shareOf(MODELS["MoE-1B"], CARDS.find((one) => one.card === card)!, rtfx);
}

export function costTable(share: number): string {
  const models = Object.entries(MODELS);
  const header = ["machine", "card", "$ an hour", ...models.map(([name]) => `${name} RTFx`)];
  const prices = models.flatMap(([name]) => [`${name} $ an hour of audio`, "at half price"]);
  const rows = MACHINES.map((machine) => {
    const rates = models.map(([, shapes]) => scaledRtfx(shapes, machine, share));
    const costs = rates.flatMap((rtfx) => [1, SPOT_SHARE].map((part) => (part * machine.onDemand) / rtfx));
    return [
      machine.instance,
      machine.card,
      machine.onDemand,
      ...rates.map((rtfx) => String(Math.round(rtfx / 10) * 10)),
      ...costs.map((dollars) => dollars.toFixed(5)),
    ];
  });
  return formatTable([...header, ...prices], rows);
}
