/** An API key. The secret itself is shown once and not kept. */
export interface ApiKey {
  id: string;
  /** SHA-256 of the secret, hexadecimal. */
  hash: string;
  owner: string;
  /** Makes, lists and revokes the keys of every owner; else those of its own alone. */
  admin?: boolean;
  /** For people. */
  name: string;
  /** The first characters of the secret, to tell keys apart. */
  hint: string;
  /** ISO 8601 UTC. */
  createdAt: string;
  revokedAt: string | null;
}

export interface WebhookSecret {
  /** `whsec_` and base64. */
  secret: string;
  createdAt: string;
  /** Null for the current one; a rotated one signs beside it until then. */
  expiresAt: string | null;
}

/** Whom transcriptions belong to. */
export interface Owner {
  /** Letters, digits, `-` and `_`; it is part of keys in storage. */
  id: string;
  revision: number;
  createdAt: string;
  /** Newest first. */
  webhookSecrets: WebhookSecret[];
  /** Endpoints that answered 410 Gone. */
  disabledEndpoints: string[];
}

/** Who asks. */
export interface Caller {
  owner: string;
  keyId: string;
  /** Of an admin key. */
  admin?: boolean;
}

export const OWNER_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
