/** `1:02:03`, `2:03`; tenths where they are asked for. */
export function clock(seconds: number, tenths = false): string {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  return tenths ? `${text}.${Math.floor((seconds - whole) * 10)}` : text;
}

export function bytes(count: number): string {
  const [unit, size] = count >= 1e9 ? ["GB", 1e9] : count >= 1e6 ? ["MB", 1e6] : ["kB", 1e3];
  const value = count / size;
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

export function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

/** In the reader's own time zone and language. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
