import { SAMPLE_RATE } from "../audio/types.ts";
import type { Device } from "./devices.ts";
import { encodeBatch } from "./encode.ts";
import { release } from "./free.ts";
import { closeSessions, type Sessions, unavailable } from "./sessions.ts";

/**
 * A second of silence through the encoder, on a card: what it cannot compute (16-bit floats, say) may show in the first run only,
 * and is then a reason for other graphs or another device, not for a failed recording. Throws `device_unavailable`.
 */
export async function tryOut(sessions: Sessions, device: Device): Promise<void> {
  if (device === "cpu") return;
  try {
    const { encoderOut } = await encodeBatch(sessions, [new Float32Array(SAMPLE_RATE)], 1);
    release(encoderOut);
  } catch (cause) {
    await closeSessions(sessions);
    throw unavailable(device, cause);
  }
}
