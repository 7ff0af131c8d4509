import { round, text } from "../svg.ts";

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

const WIDTH = 720;
const HEIGHT = 300;
const LEFT = 70;
const RIGHT = 20;
const TOP = 36;
const BOTTOM = 48;
const TICKS = 5;

/** Panels of dots under each other, as an SVG. Labels of dots at the same place are put together. */
export function drawPanels(panels: readonly Panel[]): string {
  const body = panels.map((panel, at) => `<g transform="translate(0,${at * HEIGHT})">${draw(panel)}</g>`);
  const height = panels.length * HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">\n<title>Cost and time to transcript by scaling policy</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...body,
    "</svg>\n",
  ].join("\n");
}

function draw({ title, xLabel, yLabel, points }: Panel): string {
  const mostX = ceiling(Math.max(...points.map(({ x }) => x)));
  const mostY = ceiling(Math.max(...points.map(({ y }) => y)));
  const toX = (x: number) => LEFT + (x / mostX) * (WIDTH - LEFT - RIGHT);
  const toY = (y: number) => HEIGHT - BOTTOM - (y / mostY) * (HEIGHT - TOP - BOTTOM);
  const lines = [text(LEFT, 20, title, 'font-weight="bold"')];
  for (let tick = 0; tick <= TICKS; tick++) {
    const x = (mostX * tick) / TICKS;
    const y = (mostY * tick) / TICKS;
    lines.push(
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(toY(y))}" y2="${round(toY(y))}" stroke="#ddd"/>`,
      text(LEFT - 6, toY(y) + 4, short(y), 'text-anchor="end"'),
      text(toX(x), HEIGHT - BOTTOM + 16, short(x), 'text-anchor="middle"'),
    );
  }
  lines.push(
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, xLabel, 'text-anchor="middle"'),
    `<g transform="translate(14,${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)">${text(0, 0, yLabel, 'text-anchor="middle"')}</g>`,
  );
  // Neighbours' labels at different heights, or they would cover each other.
  for (const [at, { x, y, label, chosen }] of merge(points).entries()) {
    lines.push(
      `<circle cx="${round(toX(x))}" cy="${round(toY(y))}" r="${chosen ? 6 : 4}" fill="${chosen ? "#c0392b" : "#2c6fbb"}" fill-opacity="0.8"/>`,
      text(toX(x), toY(y) + 20 + 14 * (at % 3), label, 'text-anchor="middle"'),
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

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
