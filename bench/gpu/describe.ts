import { formatTable } from "../metrics/table.ts";
import type { FixedReport } from "./fixed-main.ts";
import type { Latency } from "./latency.ts";
import type { TextComparison } from "./texts.ts";

export function describeFixed({ seconds, figures, failed }: FixedReport & { seconds: number }): string[] {
  const header = ["clips in a batch", "frontend ms", "encoder ms", "search ms", "decoder ms", "whole ms"];
  const rows = figures.map((one) => [
    one.utterances,
    ...[one.frontendMs, one.encoderMs, one.searchMs, one.decoderMs, one.wholeMs].map((ms) => ms.toFixed(1)),
    ((one.utterances * seconds * 1000) / one.encoderMs).toFixed(0),
    ((one.utterances * seconds * 1000) / one.wholeMs).toFixed(0),
  ]);
  return [
    "",
    `clips of ${seconds} s, one batch after another, step by step`,
    formatTable([...header, "encoder RTFx", "whole RTFx"], rows),
    ...failed.map(({ utterances, reason }) => `${utterances} clips in a batch: did not run. ${reason}`),
  ];
}

export function describeLatency({ seconds, runs, p50Ms, mostMs }: Latency): string[] {
  return [
    "",
    `one clip of ${seconds} s: p50 ${p50Ms.toFixed(0)} ms, longest of ${runs} ${mostMs.toFixed(0)} ms`,
  ];
}

export function describeTexts({ precision, utterances, different }: TextComparison): string {
  const lines = different.map(({ name, there, cpu }) => `  ${name}: "${there}", on the CPU "${cpu}"`);
  const count = `${different.length} of ${utterances} texts of the fixtures other than the CPU's (${precision})`;
  return [count, ...lines].join("\n");
}
