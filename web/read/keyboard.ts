import { type Player, RATES } from "./player.ts";
import type { Reading } from "./reading.ts";
import { rowAt } from "./script.ts";

const JUMP_SECONDS = 5;
/** Within this of a row's begin, going back means the row before. */
const AT_BEGIN_SECONDS = 1;
const FIELDS = "input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]";

/** Keys of the reading view, wherever nothing is being typed. Returns how to end it. */
export function listenToKeys(reading: Reading, player: Player, focusFind: () => void): () => void {
  const row = (by: number) => {
    const { rows } = reading.script;
    const here = rowAt(reading.script, player.seconds);
    const late = here >= 0 && player.seconds - rows[here].segment.start > AT_BEGIN_SECONDS;
    const goal = Math.max(0, Math.min(rows.length - 1, here + (by < 0 && late ? 0 : by)));
    if (rows[goal]) player.seek(rows[goal].segment.start);
  };
  const rate = (by: number) => {
    const at = RATES.indexOf(player.state.value.rate as (typeof RATES)[number]);
    player.setRate(RATES[Math.max(0, Math.min(RATES.length - 1, at + by))]);
  };
  const actions: Record<string, () => void> = {
    " ": () => player.toggle(),
    ArrowDown: () => row(1),
    ArrowUp: () => row(-1),
    ArrowRight: () => player.seek(player.seconds + JUMP_SECONDS),
    ArrowLeft: () => player.seek(player.seconds - JUMP_SECONDS),
    ">": () => rate(1),
    "<": () => rate(-1),
    "/": focusFind,
    e: () => reading.begin(reading.cursor),
    u: () => reading.undo(),
    r: () => reading.redo(),
  };
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const field = target.closest(FIELDS);
    const undoing = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !field;
    if (undoing) {
      event.preventDefault();
      if (event.shiftKey) reading.redo();
      else reading.undo();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || field) return;
    // Space presses a button that has the focus, and arrows move a slider.
    if (event.key === " " && target.closest("button, a, summary, input")) return;
    if (event.key.startsWith("Arrow") && target.closest("input")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  addEventListener("keydown", press);
  return () => removeEventListener("keydown", press);
}
