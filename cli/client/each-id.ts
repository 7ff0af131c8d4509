import { describeError } from "../describe-error.ts";
import { EXIT, printJson, say, type Terminal } from "../terminal.ts";
import type { ApiClient } from "./api-client.ts";
import { ApiError } from "./problem.ts";

/**
 * Do something with each id in turn; one that the service will not have is reported, and the others go on. Returns
 * the exit code. Throws what would meet the others as well.
 */
export async function eachId(
  ids: readonly string[],
  { client, terminal, json }: { client: ApiClient; terminal: Terminal; json: boolean },
  work: (id: string) => Promise<void>,
): Promise<number> {
  let code: number = EXIT.done;
  for (const id of ids) {
    try {
      await work(id);
    } catch (error) {
      client.signal.throwIfAborted();
      if (!(error instanceof ApiError) || error.status === 401) throw error;
      code = EXIT.failed;
      const fault = describeError(error);
      say(terminal, `${id}: ${fault.code}: ${fault.message}`);
      if (json) await printJson(terminal, { id, error: fault });
    }
  }
  return code;
}
