/** Of recordings that say nothing of themselves, by their names' ends: as browsers know them. */
const BY_EXTENSION: Record<string, string> = {
  aac: "audio/aac",
  aif: "audio/aiff",
  aiff: "audio/aiff",
  amr: "audio/amr",
  flac: "audio/flac",
  m4a: "audio/mp4",
  m4v: "video/mp4",
  mka: "audio/x-matroska",
  mkv: "video/x-matroska",
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  wav: "audio/wav",
  weba: "audio/webm",
  webm: "audio/webm",
  wma: "audio/x-ms-wma",
};

const SOUND = /^(audio|video)\/[\w.+-]+/i;

/** Of sound or video and of nothing else: whatever was uploaded, no browser is to take it for a page. */
export function recordingType(contentType: string | null, fileName: string): string {
  const declared = SOUND.exec(contentType ?? "")?.[0].toLowerCase();
  const extension = /\.(\w{1,8})$/.exec(fileName)?.[1].toLowerCase() ?? "";
  return declared ?? BY_EXTENSION[extension] ?? "application/octet-stream";
}
