/** Readers of SRT and WebVTT, written from the formats' descriptions and sharing nothing with the writers. Strict. */

export interface ReadCue {
  start: number;
  end: number;
  lines: string[];
  voice?: string;
}

export function readSrt(file: string): ReadCue[] {
  if (file === "") return [];
  if (!file.endsWith("\n")) throw new Error("the file does not end with a newline");
  return file
    .slice(0, -1)
    .split("\n\n")
    .map((block, index) => {
      const [number, times, ...lines] = block.split("\n");
      if (number !== String(index + 1)) throw new Error(`cue ${index + 1} is numbered ${number}`);
      const [, start, end] =
        /^(\d{2,}:\d\d:\d\d,\d{3}) --> (\d{2,}:\d\d:\d\d,\d{3})$/.exec(times ?? "") ?? [];
      if (start === undefined || end === undefined) throw new Error(`no times: ${times}`);
      return { start: readTime(start), end: readTime(end), lines: checkLines(lines) };
    });
}

export function readVtt(file: string): ReadCue[] {
  const [header, ...blocks] = file.split("\n\n");
  if (header !== "WEBVTT" && file !== "WEBVTT\n") throw new Error("no WEBVTT header");
  return blocks.map((block, index) => {
    const body = index === blocks.length - 1 ? block.replace(/\n$/, "") : block;
    const [times, ...lines] = body.split("\n");
    const [, start, end] =
      /^(\d{2,}:\d\d:\d\d\.\d{3}) --> (\d{2,}:\d\d:\d\d\.\d{3})$/.exec(times ?? "") ?? [];
    if (start === undefined || end === undefined) throw new Error(`no times: ${times}`);
    const [, voice, first] = /^(?:<v ([^>]+)>)?(.*)$/s.exec(lines[0] ?? "") ?? [];
    const raw = checkLines([first ?? "", ...lines.slice(1)]);
    const text = raw.map((line) => {
      if (/[<>]/.test(line) || /&(?!(?:amp|lt|gt);)/.test(line)) throw new Error(`not escaped: ${line}`);
      return line.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    });
    return { start: readTime(start), end: readTime(end), lines: text, ...(voice !== undefined && { voice }) };
  });
}

function checkLines(lines: string[]): string[] {
  if (lines.length === 0) throw new Error("a cue without text");
  for (const line of lines) {
    if (line.trim() === "") throw new Error("a blank line in a cue");
    if (line.includes("-->")) throw new Error(`an arrow in a cue: ${line}`);
    if (/\p{Cc}/u.test(line)) throw new Error(`a control character: ${JSON.stringify(line)}`);
  }
  return lines;
}

/** Milliseconds. */
function readTime(text: string): number {
  const [hours, minutes, seconds, milliseconds] = text.split(/[:,.]/).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  if (minutes > 59 || seconds > 59) throw new Error(`not a time: ${text}`);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}
