import type { Transcript } from "../api/shapes.ts";
import { Store } from "../store.ts";
import { type Edits, edit, edited, loadEdits, redo, saveEdits, undo } from "./edits.ts";
import { findMatches, joined, type Match } from "./find.ts";
import { type Script, toScript } from "./script.ts";

export interface ReadingState {
  edits: Edits;
  /** As they are shown, with the reader's own. */
  words: readonly string[];
  /** The one that is being changed. */
  editing: number | null;
  query: string;
  matches: readonly Match[];
  /** Which match is looked at. */
  match: number;
  shading: boolean;
  follow: boolean;
  /** Rows whose alternatives are shown. */
  opened: ReadonlySet<number>;
}

/** What a reader does with a transcript. */
export class Reading {
  readonly transcript: Transcript;
  readonly script: Script;
  readonly state: Store<ReadingState>;
  /** The word where the reader is: being said, or clicked last. */
  cursor = 0;

  constructor(transcript: Transcript) {
    this.transcript = transcript;
    this.script = toScript(transcript);
    const edits = loadEdits(transcript.id, localStorage);
    const words = edited(this.script.words, edits);
    // Now, while the reader waits anyhow, and not at the first letter of a search.
    joined(words);
    this.state = new Store<ReadingState>({
      edits,
      words,
      editing: null,
      query: "",
      matches: [],
      match: 0,
      shading: true,
      follow: true,
      opened: new Set(),
    });
  }

  begin(word: number | null): void {
    this.state.change((state) => ({ ...state, editing: word }));
  }

  put(word: number, text: string): void {
    this.#change((edits) => edit(edits, word, this.script.words[word], text.replaceAll(/\s+/g, " ").trim()));
  }

  undo(): void {
    this.#change(undo);
  }

  redo(): void {
    this.#change(redo);
  }

  find(query: string): void {
    const matches = findMatches(this.state.value.words, query);
    const here = matches.findIndex(({ first }) => first >= this.cursor);
    this.state.change((state) => ({ ...state, query, matches, match: Math.max(0, here) }));
  }

  /** To the next match, or by -1 to the one before; around the ends. */
  step(by: number): void {
    this.state.change((state) => {
      const { length } = state.matches;
      return { ...state, match: length === 0 ? 0 : (state.match + by + length) % length };
    });
  }

  set(changed: Partial<Pick<ReadingState, "shading" | "follow">>): void {
    this.state.change((state) => ({ ...state, ...changed }));
  }

  /** Show a row's alternatives, or hide them. */
  open(row: number): void {
    this.state.change((state) => {
      const opened = new Set(state.opened);
      if (!opened.delete(row)) opened.add(row);
      return { ...state, opened };
    });
  }

  #change(make: (edits: Edits) => Edits): void {
    this.state.change((state) => {
      const edits = make(state.edits);
      saveEdits(this.transcript.id, edits, localStorage);
      const words = edited(this.script.words, edits);
      return { ...state, edits, words, matches: findMatches(words, state.query) };
    });
  }
}
