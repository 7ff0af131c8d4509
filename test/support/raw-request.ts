import { request } from "node:http";

export interface RawRequest {
  method: string;
  /** Sent as it is: nothing is resolved or escaped. */
  path: string;
  headers: Record<string, string | string[]>;
  body?: string | Uint8Array;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** A request that fetch would tidy up or refuse. */
export async function rawRequest(base: string, { body, ...options }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, ...options }, async (answer) => {
      const chunks = await Array.fromAsync(answer);
      const text = Buffer.concat(chunks as Buffer[]).toString();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
