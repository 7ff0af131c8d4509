import { FORMAT_NAMES, FORMATS, type FormatName } from "../../src/formats/index.ts";
import { HttpProblemError } from "./problems.ts";

interface Range {
  type: string;
  subtype: string;
  quality: number;
}

/**
 * The format that an Accept header likes best (RFC 9110, 12.5.1): a more specific range decides over a wider one;
 * among equals JSON comes first, then the order of the formats. Without a header: JSON. Throws HttpProblemError.
 */
export function negotiateFormat(accept: string | undefined): FormatName {
  if (accept === undefined || accept.trim() === "") return "json";
  const ranges = accept.split(",").flatMap((text) => parseRange(text) ?? []);
  let best: { format: FormatName; quality: number } | null = null;
  for (const format of FORMAT_NAMES) {
    const quality = qualityOf(format, ranges);
    if (quality > (best?.quality ?? 0)) best = { format, quality };
  }
  if (best) return best.format;
  const types = FORMAT_NAMES.map((format) => essence(format)).join(", ");
  throw new HttpProblemError("not_acceptable", `Accept one of ${types}, or name a format with ?format=.`);
}

function qualityOf(format: FormatName, ranges: readonly Range[]): number {
  const [type, subtype] = essence(format).split("/");
  const specificity = (range: Range) => {
    if (range.type === type && range.subtype === subtype) return 3;
    if (range.type === type && range.subtype === "*") return 2;
    return range.type === "*" && range.subtype === "*" ? 1 : 0;
  };
  const fitting = ranges.filter((range) => specificity(range) > 0);
  return fitting.sort((a, b) => specificity(b) - specificity(a))[0]?.quality ?? 0;
}

function parseRange(text: string): Range | null {
  const [range, ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const [type, subtype, ...rest] = range.split("/");
  if (!type || !subtype || rest.length > 0) return null;
  const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  if (q === undefined) return { type, subtype, quality: 1 };
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? { type, subtype, quality: Number(q) } : null;
}

function essence(format: FormatName): string {
  return FORMATS[format].mediaType.split(";")[0];
}
