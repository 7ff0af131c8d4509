import { ServiceError } from "../errors.ts";

export interface WebhookRequest {
  url: string;
  /** Whose event it is. */
  owner: string;
  headers: Record<string, string>;
  body: string;
  /** http and https to this machine itself. */
  allowLocal: boolean;
}

export interface WebhookAnswer {
  status: number;
  /** The `Retry-After` header as it came. */
  retryAfter: string | null;
}

/**
 * Sends one event. Redirects come back as answers; they are not followed. Throws WebhookRefusedError, WebhookBusyError, and Error where
 * there was no answer in time.
 */
export type WebhookPost = (request: WebhookRequest) => Promise<WebhookAnswer>;

/** The URL leads to an address that may never be called. */
export class WebhookRefusedError extends ServiceError {
  constructor(message: string, options?: ErrorOptions) {
    super("webhook_address_refused", message, {}, options);
  }
}

/** As many deliveries to this endpoint, or of its owner's, are under way as there may be. No attempt was made. */
export class WebhookBusyError extends ServiceError {
  constructor(host: string) {
    super("webhook_busy", `Too many deliveries to ${host} are under way.`);
  }
}
