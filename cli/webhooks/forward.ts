import type { ReceivedEvent } from "./receiver.ts";

const ANSWER_MS = 15_000;

/** Hand an event on with its signature. What it answers is the answer; 502 where there is none. */
export async function forward(
  { body, headers }: ReceivedEvent,
  url: string,
  signal: AbortSignal,
): Promise<{ status: number; line: string }> {
  try {
    const { status } = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    return { status, line: String(status) };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return { status: 502, line: `no answer (${cause?.code ?? name})` };
  }
}
