import { ManifestError } from "./errors.ts";

/** Characters of one line: more than any key needs, so that no file is held in memory for want of a line's end. */
export const MOST_LINE_CHARACTERS = 100_000;

/** Bytes as text, without a byte order mark. Throws ManifestError where they are not UTF-8. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let lines = 0;
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new ManifestError(`somewhere after line ${lines} it is not UTF-8.`, { cause });
    }
  };
  for await (const chunk of bytes) {
    const text = decode(chunk);
    lines += text.split("\n").length - 1;
    yield text;
  }
  yield decode();
}

/** Lines without their ends, which may be CR LF. Throws ManifestError where one is too long. */
export async function* splitLines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  let number = 1;
  for await (const chunk of text) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      checkLength(line, number++);
      yield line.replace(/\r$/, "");
    }
    checkLength(rest, number);
  }
  if (rest !== "") yield rest;
}

function checkLength(line: string, number: number): void {
  if (line.length > MOST_LINE_CHARACTERS)
    throw new ManifestError(`line ${number} is longer than ${MOST_LINE_CHARACTERS} characters.`);
}
