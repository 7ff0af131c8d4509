/** Extensions of files that are taken for recordings where a folder or a bucket is searched through. */
const MEDIA_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    ".wav .wave .w64 .rf64 .mp1 .mp2 .mp3 .m4a .m4b .m4r .m4v .aac .mp4 .mov .qt .mkv .mka .webm .weba .ogg .oga .ogv .ogx .opus .spx" +
    " .flac .amr .awb .aif .aiff .aifc .au .snd .caf .wma .wmv .asf .avi .mpg .mpeg .ts .mts .m2ts .vob .3gp .3ga .3g2 .flv .f4v .f4a" +
    " .ac3 .eac3 .wv .tta .ape .voc .mxf"
  ).split(" "),
);

/** Whether this object is a recording, by its name. Results beside recordings (`a.mp3.json`) are none. */
export function isMediaKey(key: string): boolean {
  if (isMacOsFork(key)) return false;
  const extension = /[^/](?<extension>\.[^./]+)$/.exec(key)?.groups?.extension;
  return extension !== undefined && MEDIA_EXTENSIONS.has(extension.toLowerCase());
}

/** What macOS puts beside each file on foreign disks and into archives bears its name, but holds no sound. */
export function isMacOsFork(key: string): boolean {
  return /(^|\/)(\._|__MACOSX\/)[^/]*$/.test(key);
}
