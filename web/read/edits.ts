/** A word that was put in another's place. Empty: it was taken out. */
export interface Edit {
  word: number;
  before: string | null;
  after: string | null;
}

/** What a reader has changed, with the way back. Null stands for the word as the service has it. */
export interface Edits {
  words: Readonly<Record<number, string>>;
  done: readonly Edit[];
  undone: readonly Edit[];
}

export const NO_EDITS: Edits = { words: {}, done: [], undone: [] };

export function edit(edits: Edits, word: number, original: string, text: string): Edits {
  const after = text === original ? null : text;
  const before = edits.words[word] ?? null;
  if (after === before) return edits;
  const step = { word, before, after };
  return { words: apply(edits.words, word, after), done: [...edits.done, step], undone: [] };
}

export function undo({ words, done, undone }: Edits): Edits {
  const step = done.at(-1);
  if (!step) return { words, done, undone };
  return { words: apply(words, step.word, step.before), done: done.slice(0, -1), undone: [...undone, step] };
}

export function redo({ words, done, undone }: Edits): Edits {
  const step = undone.at(-1);
  if (!step) return { words, done, undone };
  return { words: apply(words, step.word, step.after), done: [...done, step], undone: undone.slice(0, -1) };
}

/** Words with a reader's own in their places. */
export function edited(words: readonly string[], edits: Edits): string[] {
  return words.map((word, index) => edits.words[index] ?? word);
}

function apply(words: Edits["words"], word: number, text: string | null): Edits["words"] {
  const { [word]: _, ...others } = words;
  return text === null ? others : { ...others, [word]: text };
}

const KEY = "scriptorium.edits.";

/** Kept in this browser, for each transcription apart. */
export function loadEdits(id: string, storage: Pick<Storage, "getItem">): Edits {
  try {
    const kept = JSON.parse(storage.getItem(KEY + id) ?? "null") as Edits | null;
    return kept ? { ...NO_EDITS, ...kept } : NO_EDITS;
  } catch {
    return NO_EDITS;
  }
}

export function saveEdits(id: string, edits: Edits, storage: Pick<Storage, "setItem" | "removeItem">): void {
  if (edits.done.length === 0 && edits.undone.length === 0) storage.removeItem(KEY + id);
  else storage.setItem(KEY + id, JSON.stringify(edits));
}
