import { Webhook } from "standardwebhooks";

export interface SignedMessage {
  /** `webhook-id` */
  id: string;
  /** Milliseconds since 1970, of this attempt. */
  at: number;
  body: string;
}

/** The headers of Standard Webhooks, with one signature per secret. */
export function signWebhook(
  secrets: readonly string[],
  { id, at, body }: SignedMessage,
): Record<string, string> {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, new Date(at), body));
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}
