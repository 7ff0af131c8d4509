import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useStore } from "../store.ts";
import { TEXT } from "../text.ts";
import { join } from "./export.ts";
import { Heights } from "./heights.ts";
import type { Player } from "./player.ts";
import type { Reading } from "./reading.ts";
import { RowView } from "./row-view.tsx";
import { rowAt, rowOf, wordAt } from "./script.ts";

/** Rows beyond the edges that are drawn all the same, in pixels. */
const MARGIN = 250;
/** After the reader has scrolled, playing does not pull the text away for so long. */
const HANDS_OFF_MS = 5000;
const ROW_PIXELS = 40;
const LINE_PIXELS = 28;
const CHARACTER_PIXELS = 8.2;

/** The text that scrolls. Only rows near the window are drawn: a recording of hours has tens of thousands of words. */
export function Pane({ reading, player }: { reading: Reading; player: Player }) {
  const { script } = reading;
  const state = useStore(reading.state);
  const pane = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const width = useWidth(pane);
  const heights = useMemo(() => new Heights(guess(reading, width)), [reading, width]);
  const [shown, setShown] = useState({ from: 0, to: 20 });
  const scrolled = useRef(Number.NEGATIVE_INFINITY);

  const place = () => {
    inner.current!.parentElement!.style.height = `${heights.total}px`;
    inner.current!.style.transform = `translateY(${heights.top(shown.from)}px)`;
  };
  const look = () => {
    const { scrollTop, clientHeight } = pane.current!;
    const from = heights.at(scrollTop - MARGIN);
    const to = heights.at(scrollTop + clientHeight + MARGIN) + 1;
    setShown((before) => (before.from === from && before.to === to ? before : { from, to }));
  };
  const reveal = (row: number) => {
    const { scrollTop, clientHeight } = pane.current!;
    const [top, bottom] = [heights.top(row), heights.top(row + 1)];
    if (top >= scrollTop && bottom <= scrollTop + clientHeight) return;
    pane.current!.scrollTop = Math.max(0, top - clientHeight / 3);
  };

  // What was drawn has its real height now; rows above the first visible one must not push it away.
  useLayoutEffect(() => {
    const anchor = heights.at(pane.current!.scrollTop);
    let pushed = 0;
    for (const element of inner.current!.children as Iterable<HTMLElement> & HTMLCollection) {
      const row = Number((element as HTMLElement).dataset.row);
      const change = heights.measure(row, (element as HTMLElement).offsetHeight);
      if (row < anchor) pushed += change;
    }
    place();
    if (pushed !== 0) pane.current!.scrollTop += pushed;
    look();
  });
  const mark = useMark(inner, reading);
  useLayoutEffect(mark);
  useEffect(() => {
    const hear = (seconds: number) => {
      const heard = wordAt(script, seconds);
      const word = heard === null ? null : script.holders[heard];
      if (word !== null) reading.cursor = word;
      mark(word);
      const { follow, editing } = reading.state.value;
      const free = performance.now() - scrolled.current > HANDS_OFF_MS;
      if (follow && free && editing === null) reveal(Math.max(0, rowAt(script, seconds)));
    };
    return player.hear(hear);
  }, [reading, player, heights]);
  useEffect(() => {
    const match = state.matches[state.match];
    if (match) reveal(rowOf(script, match.first));
  }, [state.matches, state.match]);

  const found = useMemo(() => flags(script.words.length, state), [state.matches, state.match]);
  const click = (event: MouseEvent) => {
    const word = wordOf(event);
    // The second of a double click changes the word, and who marks text wants no sound.
    const other = event.detail > 1 || getSelection()?.isCollapsed === false;
    if (word === null || state.editing !== null || other) return;
    reading.cursor = word;
    player.seek(script.starts[word]);
    player.play();
  };
  const change = (event: MouseEvent) => {
    const word = wordOf(event);
    if (word === null) return;
    player.pause();
    reading.begin(word);
  };
  const handsOn = () => {
    scrolled.current = performance.now();
  };
  // Rows that were drawn are not drawn anew where only the place has changed.
  const drawn = useMemo(() => new Map<number, VNode>(), [reading, player, state, found]);
  const rows = script.rows.slice(shown.from, shown.to).map((row, at) => {
    const index = shown.from + at;
    const known = drawn.get(index);
    const view = known ?? <RowView key={index} {...{ index, row, reading, state, found, player }} />;
    if (!known) drawn.set(index, view);
    return view;
  });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys do the same (keyboard.ts)
    <section
      class={state.shading ? "pane shading" : "pane"}
      ref={pane}
      aria-label={TEXT.reading.transcript}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
      tabIndex={0}
      onScroll={look}
      onWheel={handsOn}
      onTouchMove={handsOn}
      onClick={click}
      onDblClick={change}
    >
      <div class="extent">
        <div class="rows" ref={inner}>
          {rows}
        </div>
      </div>
    </section>
  );
}

function wordOf({ target }: MouseEvent): number | null {
  const element = (target as HTMLElement).closest<HTMLElement>("[data-word]");
  return element ? Number(element.dataset.word) : null;
}

/** Sets the mark of the word that is said, by hand: drawing anew at every word would cost more than the word is long. */
function useMark(inner: { current: HTMLElement | null }, reading: Reading) {
  const said = useRef<number | null>(null);
  const marked = useRef<Element | null>(null);
  return useMemo(
    () => (word?: number | null) => {
      if (word !== undefined) said.current = word;
      const selector = `[data-word="${said.current}"]`;
      const element = said.current === null ? null : (inner.current?.querySelector(selector) ?? null);
      if (element === marked.current) return;
      marked.current?.classList.remove("said");
      element?.classList.add("said");
      marked.current = element;
    },
    [reading],
  );
}

function useWidth(pane: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(600);
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(() => setWidth(pane.current?.clientWidth ?? 600));
    sizes.observe(pane.current!);
    return () => sizes.disconnect();
  }, []);
  return width;
}

/** Heights of rows that were never drawn. */
function guess({ script, state }: Reading, width: number): number[] {
  const perLine = Math.max(10, (width - 40) / CHARACTER_PIXELS);
  const { words } = state.value;
  return script.rows.map(({ first, count }) => {
    const lines = Math.ceil((join(words, first, count).length + 1) / perLine);
    return ROW_PIXELS + lines * LINE_PIXELS;
  });
}

/** 1 for words of a match, 2 for those of the one that is looked at. */
function flags(
  length: number,
  { matches, match }: { matches: readonly { first: number; last: number }[]; match: number },
): Uint8Array {
  const found = new Uint8Array(length);
  for (const { first, last } of matches) found.fill(1, first, last + 1);
  const here = matches[match];
  if (here) found.fill(2, here.first, here.last + 1);
  return found;
}
