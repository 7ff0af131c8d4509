import type { Transcript } from "../../../src/formats/index.ts";
import type { Log } from "../../../src/jobs/ports/index.ts";
import { toProblem } from "../problems.ts";
import { usageOf } from "./answer.ts";
import { openAiErrorOf } from "./error-member.ts";

/**
 * Server-sent events as they come about. `work` may say that it is still at it, which keeps whatever is on the way from
 * taking the connection for dead, and ends with the last events. It must not throw.
 */
export function eventStream(work: (alive: () => void) => Promise<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      const send = (text: string) => {
        try {
          controller.enqueue(encoder.encode(text));
        } catch {
          // Nobody is there any more.
        }
      };
      // Headers go out with the first bytes.
      send(COMMENT);
      send(await work(() => send(COMMENT)));
      try {
        controller.close();
      } catch {
        // Likewise.
      }
    },
  });
}

const COMMENT = ": transcribing\n\n";

/** The text of each segment, then all of it: the deltas, put together, are the whole. */
export function transcriptEvents(transcript: Transcript): string {
  const deltas = transcript.segments.map(({ text }, index) =>
    typed("transcript.text.delta", { delta: index === 0 ? text : ` ${text}` }),
  );
  const { text } = transcript;
  return deltas.join("") + typed("transcript.text.done", { text, usage: usageOf(transcript) });
}

/** Too late for a status: clients throw what they find under `error`. */
export function errorEvent(error: unknown, requestId: string, log: Log): string {
  const { status, problem } = toProblem(error, requestId, log);
  return event("error", openAiErrorOf(status, problem));
}

function typed(type: string, data: object): string {
  return event(type, { type, ...data });
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
