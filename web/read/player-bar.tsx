import { useEffect, useRef } from "preact/hooks";
import { clock } from "../format.ts";
import { useStore } from "../store.ts";
import { TEXT } from "../text.ts";
import { type Player, RATES } from "./player.ts";
import { Waveform } from "./waveform.tsx";

const text = TEXT.player;

export function PlayerBar(props: { player: Player; duration: number; peaks: number[] | undefined }) {
  const { player, duration, peaks } = props;
  const { playing, rate, fault, link } = useStore(player.state);
  if (fault)
    return (
      <div class="player">
        <p role="status">
          {fault} {link && <a href={link}>{text.save}</a>}
        </p>
      </div>
    );
  return (
    <div class="player">
      {peaks && peaks.length > 0 && <Waveform peaks={peaks} duration={duration} player={player} />}
      <Position player={player} duration={duration} />
      <div class="row">
        <button type="button" class="primary" onClick={() => player.toggle()}>
          {playing ? text.pause : text.play}
        </button>
        <label class="inline">
          {text.rate}
          <select
            value={String(rate)}
            onChange={(event) => player.setRate(Number(event.currentTarget.value))}
          >
            {RATES.map((one) => (
              <option key={one} value={String(one)}>
                {text.times(one)}
              </option>
            ))}
          </select>
        </label>
        {link && <a href={link}>{text.save}</a>}
      </div>
    </div>
  );
}

/** Changed by hand, not drawn anew: a frame has better things to do. */
function Position({ player, duration }: { player: Player; duration: number }) {
  const slider = useRef<HTMLInputElement>(null);
  const label = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let shown = -1;
    const show = (seconds: number) => {
      if (Math.floor(seconds * 4) === shown) return;
      shown = Math.floor(seconds * 4);
      slider.current!.value = String(seconds);
      slider.current!.setAttribute("aria-valuetext", clock(seconds));
      label.current!.textContent = `${clock(seconds)} / ${clock(duration)}`;
    };
    show(player.seconds);
    return player.hear(show);
  }, [player, duration]);
  return (
    <div class="row">
      <input
        ref={slider}
        class="grow"
        type="range"
        min={0}
        max={duration}
        step={0.1}
        aria-label={text.position}
        onInput={(event) => player.seek(event.currentTarget.valueAsNumber)}
      />
      <span class="time" ref={label} />
    </div>
  );
}
