/** Times that go back by more seconds than this begin a recording that was joined to the one before. */
const JOINED = 1;

/**
 * ffmpeg's `asetpts` filter that counts times from the start of the container and lets the times of what was joined
 * follow on, for its muxer would squeeze together what goes back. Gaps are left as they are.
 * @param origin the container's start, in seconds; null where the stream is all it holds and starts it.
 */
export function timestampsFilter(origin: number | null): string {
  const start = origin === null ? "if(isnan(STARTT),0,STARTT)" : String(origin);
  const steps = [
    // 0: shift of what was joined, 1: where the frame before ended, 2: this frame's time. All in seconds.
    `st(2,if(isnan(T),ld(1),T-(${start})+ld(0)))`,
    `if(lt(ld(2),ld(1)-${JOINED}),st(0,ld(0)+ld(1)-ld(2));st(2,ld(1)))`,
    "st(1,ld(2)+NB_SAMPLES/SR)",
    "max(0,ld(2))/TB",
  ];
  return `asetpts='${steps.join(";")}'`;
}
