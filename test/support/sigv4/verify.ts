import { crc32 } from "node:zlib";
import { expectedSignature, queryOf, type Received, type Signature, sha256 } from "./canonical.ts";

/** How AWS refuses a request. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  headers?: Record<string, string>;
}

export interface Verifier {
  /** Of the only access key. */
  accessKey: string;
  secret: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=(?<accessKey>[^/]+)\/(?<day>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request, ?SignedHeaders=(?<names>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$/;
const CREDENTIAL = /^(?<accessKey>[^/]+)\/(?<day>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request$/;
const MOST_SKEW_MS = 15 * 60_000;
const LONGEST_SECONDS = 7 * 24 * 3600;

/** Null where AWS would accept the request, by its signature, time and checksums. */
export function verify(request: Received, { accessKey, secret, now }: Verifier): Refusal | null {
  const query = new Map(queryOf(request.target.split(/\?(.*)/s)[1] ?? ""));
  const given = query.has("X-Amz-Signature") ? inQuery(query) : inHeader(request);
  if (!given) return refuse(403, "AccessDenied", "The request is not signed, or not as it should be.");
  if (given.accessKey !== accessKey) return refuse(403, "InvalidAccessKeyId", "There is no such key.");
  return (
    overdue(given, query, now()) ??
    unsignedHeader(request, given) ??
    (expectedSignature(request, given, secret) === given.signature
      ? null
      : refuse(403, "SignatureDoesNotMatch", "The request is not the one that was signed.")) ??
    otherContent(request, given, query)
  );
}

function inHeader({ headers, body }: Received): Signature | null {
  const parts = HEADER.exec(headers.authorization ?? "")?.groups;
  if (!parts) return null;
  const { accessKey, day, region, service, names, signature } = parts;
  return {
    ...{ accessKey, day, region, service, signature },
    at: String(headers["x-amz-date"] ?? ""),
    signedHeaders: names.split(";"),
    isQuery: false,
    payloadHash: String(headers["x-amz-content-sha256"] ?? sha256(body)),
  };
}

function inQuery(query: ReadonlyMap<string, string>): Signature | null {
  const parts = CREDENTIAL.exec(query.get("X-Amz-Credential") ?? "")?.groups;
  if (!parts || query.get("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256") return null;
  const { accessKey, day, region, service } = parts;
  return {
    ...{ accessKey, day, region, service },
    at: query.get("X-Amz-Date") ?? "",
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    isQuery: true,
    payloadHash: query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD",
  };
}

function overdue({ at, isQuery }: Signature, query: ReadonlyMap<string, string>, now: number) {
  const signedAt = Date.parse(at.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
  if (!isQuery)
    return Math.abs(now - signedAt) <= MOST_SKEW_MS
      ? null
      : refuse(403, "RequestTimeTooSkewed", "The request was not signed now.");
  const seconds = Number(query.get("X-Amz-Expires"));
  if (!(seconds >= 1 && seconds <= LONGEST_SECONDS))
    return refuse(400, "AuthorizationQueryParametersError", "X-Amz-Expires must be from 1 to 604800.");
  return now < signedAt + seconds * 1000 ? null : refuse(403, "AccessDenied", "Request has expired");
}

/** The host, and whatever begins with x-amz-, must be signed. */
function unsignedHeader({ headers }: Received, { signedHeaders }: Signature): Refusal | null {
  const needed = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  const missing = needed.find((name) => !signedHeaders.includes(name));
  if (missing === undefined) return null;
  return refuse(
    403,
    "AccessDenied",
    `There were headers present in the request which were not signed: ${missing}`,
  );
}

/** Digests and checksums of the body, in headers or, as presigners put them, in the query. */
function otherContent(
  { headers, body }: Received,
  { payloadHash }: Signature,
  query: ReadonlyMap<string, string>,
): Refusal | null {
  if (/^[0-9a-f]{64}$/.test(payloadHash) && payloadHash !== sha256(body))
    return refuse(400, "XAmzContentSHA256Mismatch", "The body is not the one that was signed.");
  const sum = query.get("x-amz-checksum-crc32") ?? headers["x-amz-checksum-crc32"];
  if (sum === undefined || sum === crc32Of(body)) return null;
  return refuse(400, "BadDigest", "The CRC32 you specified did not match the calculated checksum.");
}

export function crc32Of(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString("base64");
}

function refuse(status: number, code: string, message: string): Refusal {
  return { status, code, message };
}
