import { hostOf } from "../../src/jobs/public-url.ts";
import { WebhookRefusedError } from "../../src/jobs/webhooks/post.ts";
import { checkWebhookUrl } from "../../src/jobs/webhooks/url.ts";
import { AddressRefusedError, checkedAddresses, type Resolve } from "../../src/net/checked-addresses.ts";

export interface Endpoint {
  url: URL;
  /** Never empty; each may be called. */
  addresses: string[];
}

/**
 * Where an event for this URL may go: every address of its host. Throws WebhookRefusedError, and whatever `resolve`
 * throws.
 */
export async function resolveEndpoint(
  text: string,
  { allowLocal, resolve }: { allowLocal: boolean; resolve: Resolve },
): Promise<Endpoint> {
  try {
    checkWebhookUrl(text, { allowLocal });
  } catch (error) {
    throw new WebhookRefusedError((error as Error).message, { cause: error });
  }
  const url = new URL(text);
  try {
    return { url, addresses: await checkedAddresses(hostOf(url), { allowLocal, resolve }) };
  } catch (error) {
    throw error instanceof AddressRefusedError ? new WebhookRefusedError(error.message) : error;
  }
}
