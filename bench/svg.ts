/** Pieces of the benchmarks' charts. Coordinates are in pixels. */

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

type Place = readonly [x: number, y: number];

const GRID = "#ddd";

/** The whole file: lines of SVG on white. */
export function drawing(title: string, width: number, height: number, lines: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${safe(title)}</title>`,
    box(0, 0, width, height, "#fff"),
    ...lines,
    "</svg>\n",
  ].join("\n");
}

/** A line of text, its content made safe. */
export function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${safe(content)}</text>`;
}

export function centred(x: number, y: number, content: string): string {
  return text(x, y, content, 'text-anchor="middle"');
}

export function leftOf(x: number, y: number, content: string): string {
  return text(x, y, content, 'text-anchor="end"');
}

export function bold(x: number, y: number, content: string): string {
  return text(x, y, content, 'font-weight="bold"');
}

export function box(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}"/>`;
}

export function line([x1, y1]: Place, [x2, y2]: Place, stroke = GRID, width = 1): string {
  return `<line x1="${round(x1)}" x2="${round(x2)}" y1="${round(y1)}" y2="${round(y2)}" stroke="${stroke}" stroke-width="${width}"/>`;
}

/** The numbers of an axis, each with its label under the frame. */
export function numbersBelow(
  { height, bottom }: Frame,
  values: readonly number[],
  toX: (value: number) => number,
  digits: number,
): string[] {
  return values.map((value) => centred(toX(value), height - bottom + 16, short(value, digits)));
}

/** What the horizontal axis means, under its numbers. */
export function axisBelow({ width, height, left, right }: Frame, label: string): string {
  return centred((left + width - right) / 2, height - 10, label);
}

/** 0 to `most` in five steps. */
export function ticks(most: number): number[] {
  return Array.from({ length: 6 }, (_, at) => (most * at) / 5);
}

/** A number in so many digits that count, without zeros at its end. */
export function short(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}

/** A tenth of a pixel is enough. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function safe(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
