import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A request as it came in, before anything was decoded. */
export interface Received {
  method: string;
  /** Path and query. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What a signature says of itself. */
export interface Signature {
  accessKey: string;
  day: string;
  region: string;
  service: string;
  /** YYYYMMDDTHHMMSSZ. */
  at: string;
  signedHeaders: string[];
  signature: string;
  /** Of the query string, with what it says about the payload. */
  isQuery: boolean;
  payloadHash: string;
}

/**
 * The signature that a request should carry.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function expectedSignature(request: Received, of: Signature, secret: string): string {
  const scope = `${of.day}/${of.region}/${of.service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", of.at, scope, sha256(canonicalRequest(request, of))].join("\n");
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of [of.day, of.region, of.service, "aws4_request"]) key = hmac(key, part);
  return hmac(key, text).toString("hex");
}

function canonicalRequest({ method, target, headers }: Received, of: Signature): string {
  const [path, query = ""] = target.split(/\?(.*)/s);
  const lines = of.signedHeaders.map((name) => `${name}:${plain(headers[name])}\n`);
  return [
    method,
    canonicalPath(path, of.service),
    canonicalQuery(query),
    lines.join(""),
    of.signedHeaders.join(";"),
    of.payloadHash,
  ].join("\n");
}

/** S3 encodes a path once, every other service what is encoded already once more. */
function canonicalPath(path: string, service: string): string {
  const encode = (part: string) => (service === "s3" ? quote(decodeURIComponent(part)) : quote(part));
  return path.split("/").map(encode).join("/") || "/";
}

function canonicalQuery(query: string): string {
  return [...queryOf(query)]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${quote(name)}=${quote(value)}`)
    .sort((a, b) => (a < b ? -1 : 1))
    .join("&");
}

/** Plus signs are themselves, unlike in forms. */
export function queryOf(query: string): [string, string][] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name, value = ""] = pair.split(/=(.*)/s).map(decodeURIComponent);
      return [name, value];
    });
}

function plain(value: string | string[] | undefined): string {
  return [value ?? ""].flat().join(",").trim().replaceAll(/ +/g, " ");
}

/** RFC 3986: encodeURIComponent leaves five marks as they are. */
function quote(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
