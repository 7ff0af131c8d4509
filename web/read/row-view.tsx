import type { ComponentChild } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { clock, percent } from "../format.ts";
import { TEXT } from "../text.ts";
import type { Player } from "./player.ts";
import type { Reading, ReadingState } from "./reading.ts";
import type { Row } from "./script.ts";

const text = TEXT.reading;
/** Under these a word may be wrong, or is likely to be. */
const DOUBTFUL = 0.8;
const UNSURE = 0.5;

interface RowProps {
  index: number;
  row: Row;
  reading: Reading;
  state: ReadingState;
  found: Uint8Array;
  player: Player;
}

/** A segment: when, who, and its words. */
export function RowView({ index, row, reading, state, found, player }: RowProps) {
  const { segment, first, count } = row;
  const { start, channel, alternatives } = segment;
  const jump = () => {
    reading.cursor = first;
    player.seek(start);
    player.play();
  };
  const others = alternatives && alternatives.length > 1 ? alternatives.slice(1) : [];
  return (
    <div class="segment" data-row={index} data-channel={channel === undefined ? "" : channel % 4}>
      <div class="row">
        <button type="button" class="link" onClick={jump} aria-label={text.playFrom(clock(start))}>
          {clock(start)}
        </button>
        {channel !== undefined && <span class="channel">{text.channel(channel + 1)}</span>}
        {others.length > 0 && (
          <button
            type="button"
            class="link"
            aria-expanded={state.opened.has(index)}
            onClick={() => reading.open(index)}
          >
            {text.alternatives(others.length)}
          </button>
        )}
      </div>
      <p>
        {Array.from({ length: count }, (_, at) =>
          wordView({ word: first + at, reading, state, found }),
        ).flat()}
      </p>
      {state.opened.has(index) && (
        <ol class="alternatives" start={2}>
          {others.map((other) => (
            <li key={other.text}>
              {other.text}
              {other.confidence !== null && <span class="quiet"> {percent(other.confidence)}</span>}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

type WordProps = Pick<RowProps, "reading" | "state" | "found"> & { word: number };

/** A word and the space after it. No component: there are hundreds, and a jump draws them all within a frame. */
function wordView({ word, reading, state, found }: WordProps): ComponentChild[] {
  if (state.editing === word)
    return [<WordField key={word} word={word} reading={reading} shown={state.words[word]} />];
  const shown = state.words[word];
  const changed = state.edits.words[word] !== undefined;
  // One that was taken out leaves a place to bring it back; one that was merged into its neighbour does not.
  if (shown === "" && !changed) return [];
  const confidence = reading.script.confidences[word];
  const marks = [
    changed && "changed",
    !changed && confidence !== null && confidence < DOUBTFUL && (confidence < UNSURE ? "unsure" : "doubtful"),
    found[word] === 1 && "found",
    found[word] === 2 && "here",
  ].filter((mark) => typeof mark === "string");
  // A class that Preact knows would take away that of the word that is said.
  return [
    <span key={word} data-word={word} data-marks={marks.join(" ")}>
      {shown === "" ? "∅" : shown}
    </span>,
    " ",
  ];
}

/** Enter keeps it, Escape does not, Tab goes on to the next word. */
function WordField({ word, reading, shown }: { word: number; reading: Reading; shown: string }) {
  const field = useRef<HTMLInputElement>(null);
  const left = useRef(false);
  // Before the next key comes, which is meant for it.
  useLayoutEffect(() => {
    field.current!.focus({ preventScroll: true });
    field.current!.select();
  }, []);
  const leave = (keep: boolean, next: number | null) => {
    if (left.current) return;
    left.current = true;
    if (keep) reading.put(word, field.current!.value);
    reading.begin(next);
  };
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    const step = event.shiftKey ? -1 : 1;
    const next = reading.script.words[word + step] === undefined ? null : word + step;
    if (event.key === "Enter") leave(true, null);
    else if (event.key === "Escape") leave(false, null);
    else if (event.key === "Tab") {
      event.preventDefault();
      leave(true, next);
    }
  };
  return (
    <input
      ref={field}
      class="word"
      type="text"
      aria-label={text.word(shown)}
      defaultValue={shown}
      size={Math.max(4, shown.length + 1)}
      onKeyDown={press}
      onBlur={() => leave(true, null)}
    />
  );
}
