import { axisBelow, bold, box, drawing, leftOf, line, numbersBelow, short, text, ticks } from "../svg.ts";
import { figuresOf } from "./figures.ts";
import type { ScaleResult } from "./report.ts";

const SIDES = { width: 720, left: 170, right: 70, top: 56, bottom: 44 };
const ROW = 40;
const BAR = 22;
const MARK = "#c0392b";
const PARTS = [
  { part: "encoder", colour: "#2c6fbb" },
  { part: "rescoring", colour: "#e08e2b" },
  { part: "all else", colour: "#999" },
] as const;

/** A bar for each pack: its real-time factor by the clock, in parts, with a mark at the arithmetic floor of encoder and rescoring. */
export function drawScale({ packs, peak }: ScaleResult): string {
  const bars = packs.map(({ measured }) => {
    const { name, wallRtf, stageRtf } = figuresOf(measured, peak.flops);
    const [{ work, duration }] = measured.runs;
    const encoder = stageRtf.encoder / measured.loaded.sessions;
    const rescoring = stageRtf.rescoring / measured.loaded.sessions;
    const rest = Math.max(0, wallRtf - encoder - rescoring);
    const floor = (work.encoderFlops + work.decoderFlops) / peak.flops / duration;
    return { name, wallRtf, lengths: [encoder, rescoring, rest], floor };
  });
  const longest = Math.max(
    ...bars.flatMap(({ lengths, floor }) => [lengths[0] + lengths[1] + lengths[2], floor]),
  );
  const { width, left, right, top, bottom } = SIDES;
  const height = top + bars.length * ROW + bottom;
  const frame = { ...SIDES, height };
  const toX = (rtf: number) => left + (rtf / longest) * (width - left - right);
  const lines = [
    bold(16, 22, "Real-time factor of the whole engine"),
    ...PARTS.flatMap(({ part, colour }, at) => {
      const x = left + at * 110;
      return [box(x, 32, 12, 12, colour), text(x + 17, 42, part)];
    }),
    line([left + 335, 31], [left + 335, 45], MARK, 2),
    text(left + 342, 42, "arithmetic floor"),
    ...ticks(longest).map((rtf) => line([toX(rtf), top], [toX(rtf), height - bottom])),
    ...numbersBelow(frame, ticks(longest), toX, 2),
  ];
  for (const [at, { name, wallRtf, lengths, floor }] of bars.entries()) {
    const y = top + at * ROW + (ROW - BAR) / 2;
    let from = 0;
    lines.push(leftOf(left - 8, y + BAR / 2 + 4, name));
    for (const [part, length] of lengths.entries()) {
      const [x, end] = [toX(from), toX(from + length)];
      lines.push(box(x, y, end - x, BAR, PARTS[part].colour));
      from += length;
    }
    lines.push(
      line([toX(floor), y - 4], [toX(floor), y + BAR + 4], MARK, 2),
      text(toX(from) + 6, y + BAR / 2 + 4, short(wallRtf)),
    );
  }
  lines.push(axisBelow(frame, "processing time / audio time"));
  return drawing("Real-time factor by pack and part", width, height, lines);
}
