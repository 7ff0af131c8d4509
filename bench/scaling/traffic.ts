/** A recording that arrives: when, and how many seconds of audio it has. */
export interface Arrival {
  time: number;
  duration: number;
}

const HOUR = 3600;

/** Of a day's recordings, how many arrive in each hour of it: an office's day with its lunch. */
const OFFICE_HOURS = [0, 0, 0, 0, 0, 0, 1, 3, 8, 13, 13, 11, 7, 10, 12, 11, 7, 3, 1, 0, 0, 0, 0, 0];

/** At these hours somebody uploads many at once, within a minute: this share of the day's recordings in all. */
const BURSTS = [9, 13, 18];
const BURST_SHARE = 0.3;

/**
 * Days of calls and meetings, `recordings` on each, most a few minutes long, some an hour. In the order of time. One day
 * alone would show which burst happened to meet a cold start.
 */
export function officeDays(days: number, recordings: number, random: () => number): Arrival[] {
  const total = OFFICE_HOURS.reduce((sum, share) => sum + share, 0);
  const arrivals = Array.from({ length: days * recordings }, (_, at) => {
    const day = Math.floor(at / recordings) * 24 * HOUR;
    const time =
      random() < BURST_SHARE
        ? BURSTS[Math.floor(random() * BURSTS.length)] * HOUR + random() * 60
        : (hourOf(random() * total) + random()) * HOUR;
    return { time: day + time, duration: logNormal(240, 1, random, 2 * HOUR) };
  });
  return arrivals.sort((a, b) => a.time - b.time);
}

/** In which hour the shares before it have this sum. */
function hourOf(sum: number): number {
  let before = 0;
  return OFFICE_HOURS.findIndex((share) => {
    before += share;
    return sum < before;
  });
}

/** Recordings of one length, listed at a steady rate: what a batch's list puts into the queue. */
export function archive(recordings: number, duration: number, perSecond: number): Arrival[] {
  return Array.from({ length: recordings }, (_, at) => ({ time: at / perSecond, duration }));
}

/** A few very long recordings, within a minute. */
export function longRecordings(recordings: number, duration: number): Arrival[] {
  return Array.from({ length: recordings }, (_, at) => ({ time: (60 * at) / recordings, duration }));
}

/** Box and Muller's. `median` in seconds; `most` cuts the tail off. */
function logNormal(median: number, sigma: number, random: () => number, most: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(most, Math.max(2, median * Math.exp(sigma * normal)));
}
