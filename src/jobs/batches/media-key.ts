/** Extensions of files that are taken for recordings where a folder or a bucket is searched through. */
export const MEDIA_EXTENSIONS: ReadonlySet<string> = new Set(
  ".wav .w64 .mp3 .m4a .m4b .aac .mp4 .mov .mkv .webm .ogg .oga .opus .flac .amr .awb .aif .aiff .au .caf .wma .avi .mpg .mpeg .ts .3gp .flv .ac3".split(
    " ",
  ),
);

/** Whether this object is a recording, by its name. Results beside recordings (`a.mp3.json`) are none. */
export function isMediaKey(key: string): boolean {
  const extension = /[^/](?<extension>\.[^./]+)$/.exec(key)?.groups?.extension;
  return extension !== undefined && MEDIA_EXTENSIONS.has(extension.toLowerCase());
}
