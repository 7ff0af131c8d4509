/** Silences as the punctuator's graph takes them: seconds by the longest that it tells apart; below 0 unknown. */

export const UNKNOWN_PAUSE = -1;
const LONGEST_SECONDS = 2;
/** Nothing is longer: also what follows a recording's last word. */
export const LONGEST_PAUSE = 1;

export function pauseFeature(seconds: number): number {
  return Math.min(Math.max(seconds, 0), LONGEST_SECONDS) / LONGEST_SECONDS;
}
