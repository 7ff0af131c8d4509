import type { Services } from "../../services.ts";
import type { Transcription } from "../../transcription.ts";

const AT_ONCE = 32;

/** Attend these, several at a time. What fails is logged; returns how many did not. */
export async function eachOf(
  records: readonly Transcription[],
  { log }: Pick<Services, "log">,
  attend: (record: Transcription) => Promise<void>,
): Promise<number> {
  const left = records.values();
  let done = 0;
  const lane = async () => {
    for (const record of left)
      await attend(record).then(
        () => done++,
        (error: unknown) => log.error("sweep.failed", { id: record.id, error: String(error) }),
      );
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return done;
}
