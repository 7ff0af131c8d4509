/** What people send by mistake: [in words, how it begins, in latin1]. None of them begins a recording. */
const INSTEAD: readonly (readonly [string, string | RegExp])[] = [
  [
    "is a form (multipart/form-data), not the recording in it. Send the bytes of the file alone as the body",
    /^--[!-~]{2,200}\r\nContent-(Disposition|Type):/i,
  ],
  ["is compressed with gzip. Unpack it first", "\x1f\x8b\x08"],
  ["is a zip archive. Unpack it and send the recordings in it", "PK\x03\x04"],
  ["is an empty zip archive", "PK\x05\x06"],
  ["is a 7z archive. Unpack it first", "7z\xbc\xaf\x27\x1c"],
  ["is a rar archive. Unpack it first", "Rar!\x1a\x07"],
  ["is compressed with zstd. Unpack it first", "\x28\xb5\x2f\xfd"],
  ["is a PDF document", "%PDF-"],
  ["is the resource fork that macOS puts beside a file (AppleDouble)", "\x00\x05\x16\x07"],
  ["is a web page; perhaps an address led to a page about the recording", /^\s*(<!doctype html|<html)/i],
  ["is JSON text; a recording inside it is not read", /^\s*[{[]\s*["{[\]}]/],
  [
    "is text in base64. Decode it first",
    // How RIFF, Ogg, ID3, FLAC and Matroska begin in it.
    /^(data:[a-z]+\/[\w.+-]+;base64,|(UklGR|T2dnU|SUQz|Zkxh|GkXfo)[A-Za-z0-9+/\r\n]{100})/,
  ],
];

/** What a file is instead of a recording, in words; null where it may be one. */
export function insteadOf(text: string): string | null {
  for (const [words, beginning] of INSTEAD) {
    if (typeof beginning === "string" ? text.startsWith(beginning) : beginning.test(text)) return words;
  }
  return null;
}
