import { CallError, problemOf } from "../api/client.ts";
import type { Upload } from "../api/shapes.ts";
import { TEXT } from "../text.ts";

/** PUT a recording to where it belongs. `fetch` tells nothing of how far it is. Throws CallError, or the signal's reason. */
export function put(
  { url, headers }: Pick<Upload, "url" | "headers">,
  content: Blob,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (sentBytes: number) => void },
): Promise<{ etag: string | null }> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener("abort", abort);
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = async () => {
      const { status } = request;
      if (status >= 200 && status < 300) resolve({ etag: request.getResponseHeader("etag") });
      else reject(await problemOf({ status, text: async () => request.responseText }));
    };
    request.onerror = () => reject(new CallError(0, "unreachable", TEXT.errors.uploadBroke));
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener("abort", abort);
    // Of its own type, a file would send another one than was signed.
    request.send(new Blob([content]));
  });
}
