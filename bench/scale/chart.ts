import { round, text } from "../svg.ts";
import { figuresOf } from "./figures.ts";
import type { ScaleResult } from "./report.ts";

const WIDTH = 720;
const LEFT = 170;
const RIGHT = 70;
const TOP = 56;
const ROW = 40;
const BAR = 22;
const BOTTOM = 44;
const TICKS = 5;
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
  const toX = (rtf: number) => LEFT + (rtf / longest) * (WIDTH - LEFT - RIGHT);
  const height = TOP + bars.length * ROW + BOTTOM;
  const lines = [
    text(16, 22, "Real-time factor of the whole engine", 'font-weight="bold"'),
    ...PARTS.map(({ part, colour }, at) => {
      const x = LEFT + at * 110;
      return `<rect x="${x}" y="32" width="12" height="12" fill="${colour}"/>\n${text(x + 17, 42, part)}`;
    }),
    `<line x1="${LEFT + 335}" x2="${LEFT + 335}" y1="31" y2="45" stroke="#c0392b" stroke-width="2"/>`,
    text(LEFT + 342, 42, "arithmetic floor"),
  ];
  for (let tick = 0; tick <= TICKS; tick++) {
    const rtf = (longest * tick) / TICKS;
    lines.push(
      `<line x1="${round(toX(rtf))}" x2="${round(toX(rtf))}" y1="${TOP}" y2="${height - BOTTOM}" stroke="#ddd"/>`,
      text(toX(rtf), height - BOTTOM + 16, String(Number(rtf.toPrecision(2))), 'text-anchor="middle"'),
    );
  }
  for (const [at, { name, wallRtf, lengths, floor }] of bars.entries()) {
    const y = TOP + at * ROW + (ROW - BAR) / 2;
    let from = 0;
    lines.push(text(LEFT - 8, y + BAR / 2 + 4, name, 'text-anchor="end"'));
    for (const [part, length] of lengths.entries()) {
      const [x, end] = [toX(from), toX(from + length)];
      lines.push(
        `<rect x="${round(x)}" y="${round(y)}" width="${round(end - x)}" height="${BAR}" fill="${PARTS[part].colour}"/>`,
      );
      from += length;
    }
    lines.push(
      `<line x1="${round(toX(floor))}" x2="${round(toX(floor))}" y1="${y - 4}" y2="${y + BAR + 4}" stroke="#c0392b" stroke-width="2"/>`,
      text(toX(from) + 6, y + BAR / 2 + 4, String(Number(wallRtf.toPrecision(3)))),
    );
  }
  lines.push(
    text((LEFT + WIDTH - RIGHT) / 2, height - 10, "processing time / audio time", 'text-anchor="middle"'),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    "<title>Real-time factor by pack and part</title>",
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...lines,
    "</svg>\n",
  ].join("\n");
}
