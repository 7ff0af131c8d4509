import { checkPublicUrl } from "../public-url.ts";

/** Whether events may be sent to this URL, as `checkPublicUrl` has it. Throws InvalidRequestError with `field`. */
export function checkWebhookUrl(text: string, { allowLocal }: { allowLocal: boolean }): void {
  const insteadOfCredentials = "verify the signature instead";
  checkPublicUrl(text, { field: "webhook.url", allowLocal, insteadOfCredentials });
}
