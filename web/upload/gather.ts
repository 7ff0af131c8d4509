/** Ends of names that a recording may have where its type is not told, as in folders. */
const RECORDING =
  /\.(aac|ac3|aif|aiff|amr|au|caf|flac|gsm|m4a|m4b|m4v|mka|mkv|mov|mp2|mp3|mp4|mpe?g|oga|ogg|opus|ts|wav|weba|webm|wma|wmv|3gp|avi)$/i;

export interface Gathered {
  files: File[];
  /** Names of what is no recording. */
  leftOut: string[];
}

/** A file that a person chose by itself is sent whatever it is: the service finds out. Of a folder, recordings alone. */
export function sort(files: readonly File[], fromFolder: boolean): Gathered {
  const isRecording = ({ type, name }: File) => /^(audio|video)\//.test(type) || RECORDING.test(name);
  const kept = fromFolder ? files.filter(isRecording) : [...files];
  return { files: kept, leftOut: files.filter((file) => !kept.includes(file)).map(({ name }) => name) };
}

/** What was dropped: files, and all that is in folders. */
export async function dropped(data: DataTransfer): Promise<Gathered> {
  // The items are gone after the first wait.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const single = [...data.files];
  const folders = entries.filter((entry) => entry.isDirectory);
  if (folders.length === 0) return sort(single, false);
  const inside = (await Promise.all(folders.map(filesIn))).flat();
  const beside = await Promise.all(entries.filter((entry) => entry.isFile).map(filesIn));
  const sorted = sort(inside, true);
  return { ...sorted, files: [...beside.flat(), ...sorted.files] };
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    // A hundred at a time, until there are none.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}
