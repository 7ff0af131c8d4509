import {
  axisBelow,
  bold,
  centred,
  drawing,
  leftOf,
  line,
  numbersBelow,
  round,
  short,
  ticks,
} from "../svg.ts";

export interface Point {
  x: number;
  y: number;
  label: string;
  chosen: boolean;
}

export interface Panel {
  title: string;
  xLabel: string;
  yLabel: string;
  points: readonly Point[];
}

const FRAME = { width: 720, height: 300, left: 70, right: 20, top: 36, bottom: 48 };

/** Panels of dots under each other, as an SVG. Labels of dots at the same place are put together. */
export function drawPanels(panels: readonly Panel[]): string {
  const { width, height } = FRAME;
  const body = panels.map((panel, at) => `<g transform="translate(0,${at * height})">${draw(panel)}</g>`);
  return drawing("Cost and time to transcript by scaling policy", width, panels.length * height, body);
}

function draw({ title, xLabel, yLabel, points }: Panel): string {
  const { width, height, left, right, top, bottom } = FRAME;
  const mostX = ceiling(Math.max(...points.map(({ x }) => x)));
  const mostY = ceiling(Math.max(...points.map(({ y }) => y)));
  const toX = (x: number) => left + (x / mostX) * (width - left - right);
  const toY = (y: number) => height - bottom - (y / mostY) * (height - top - bottom);
  const lines = [
    bold(left, 20, title),
    ...ticks(mostY).flatMap((y) => [
      line([left, toY(y)], [width - right, toY(y)]),
      leftOf(left - 6, toY(y) + 4, short(y)),
    ]),
    ...numbersBelow(FRAME, ticks(mostX), toX, 3),
    axisBelow(FRAME, xLabel),
    `<g transform="translate(14,${(top + height - bottom) / 2}) rotate(-90)">${centred(0, 0, yLabel)}</g>`,
  ];
  // Neighbours' labels at different heights, or they would cover each other.
  for (const [at, { x, y, label, chosen }] of merge(points).entries()) {
    lines.push(
      `<circle cx="${round(toX(x))}" cy="${round(toY(y))}" r="${chosen ? 6 : 4}" fill="${chosen ? "#c0392b" : "#2c6fbb"}" fill-opacity="0.8"/>`,
      centred(toX(x), toY(y) + 20 + 14 * (at % 3), label),
    );
  }
  return lines.join("\n");
}

/** Points that would lie on each other, with their labels in a row. */
function merge(points: readonly Point[]): Point[] {
  const places = Map.groupBy(points, ({ x, y }) => `${x.toPrecision(2)} ${y.toPrecision(2)}`);
  return [...places.values()].map((same) => ({
    ...same[0],
    chosen: same.some(({ chosen }) => chosen),
    label: [...new Set(same.map(({ label }) => label))].join(", "),
  }));
}

/** The next number whose fifth is easy to read. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].find((factor) => factor * power >= value) ?? 10);
}
