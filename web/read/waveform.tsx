import { useEffect, useRef } from "preact/hooks";
import type { Player } from "./player.ts";

/** Of the drawing, in pixels of CSS. */
const HEIGHT = 56;
const BAR = 3;

/** Peaks as bars, those that were played in another colour. A click plays from there; the slider below is for keyboards. */
export function Waveform(props: { peaks: number[]; duration: number; player: Player }) {
  const { peaks, duration, player } = props;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The page may be left between a change of size and the word of it.
    const element = box.current!;
    const [all, played] = [...element.querySelectorAll("canvas")];
    const paint = () => {
      const style = getComputedStyle(element);
      draw(all, peaks, style.getPropertyValue("--wave"));
      draw(played, peaks, style.getPropertyValue("--accent"));
    };
    const show = (seconds: number) => {
      const part = duration > 0 ? Math.min(1, seconds / duration) : 0;
      played.style.clipPath = `inset(0 ${((1 - part) * 100).toFixed(2)}% 0 0)`;
    };
    const sizes = new ResizeObserver(paint);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    sizes.observe(element);
    dark.addEventListener("change", paint);
    show(player.seconds);
    const deaf = player.hear(show);
    return () => {
      deaf();
      sizes.disconnect();
      dark.removeEventListener("change", paint);
    };
  }, [peaks, duration, player]);
  const jump = (event: MouseEvent) => {
    const { left, width } = box.current!.getBoundingClientRect();
    player.seek(((event.clientX - left) / width) * duration);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the slider does the same for keyboards
    // biome-ignore lint/a11y/useKeyWithClickEvents: the slider does the same for keyboards
    <div class="waveform" ref={box} onClick={jump}>
      <canvas />
      <canvas />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, peaks: readonly number[], colour: string): void {
  const width = canvas.clientWidth;
  const scale = devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = HEIGHT * scale;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  context.fillStyle = colour.trim();
  const bars = Math.max(1, Math.floor(width / BAR));
  for (let bar = 0; bar < bars; bar++) {
    const from = Math.floor((bar * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
    let peak = 0;
    for (let at = from; at < to; at++) peak = Math.max(peak, peaks[at] ?? 0);
    const height = Math.max(1, (peak / 100) * HEIGHT);
    context.fillRect(bar * BAR, (HEIGHT - height) / 2, BAR - 1, height);
  }
}
