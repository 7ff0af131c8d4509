import { describe, expect, test } from "vitest";
import type { Received } from "./canonical.ts";
import { crc32Of, verify } from "./verify.ts";

/**
 * The requests that AWS signs in its own documentation.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
const AWS = {
  accessKey: "AKIAIOSFODNN7EXAMPLE",
  secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  now: () => Date.parse("2013-05-24T00:10:00Z"),
};
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SCOPE = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

const byHeader: Received = {
  method: "GET",
  target: "/test.txt",
  headers: {
    host: "examplebucket.s3.amazonaws.com",
    authorization:
      `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,` +
      "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    range: "bytes=0-9",
    "x-amz-content-sha256": EMPTY,
    "x-amz-date": "20130524T000000Z",
  },
  body: Buffer.alloc(0),
};
const byQuery: Received = {
  method: "GET",
  target:
    `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${SCOPE.replaceAll("/", "%2F")}` +
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  headers: { host: "examplebucket.s3.amazonaws.com" },
  body: Buffer.alloc(0),
};

describe.each([
  ["header", byHeader],
  ["query", byQuery],
])("a request of AWS's documentation, signed in its %s,", (_where, request) => {
  const { headers } = request;

  test("is accepted", () => {
    expect(verify(request, AWS)).toBeNull();
  });

  test.each<[string, Partial<Received>, object]>([
    ["another method", { method: "PUT" }, { status: 403, code: "SignatureDoesNotMatch" }],
    [
      "another path",
      { target: request.target.replace("test", "rest") },
      { status: 403, code: "SignatureDoesNotMatch" },
    ],
    ["another host", { headers: { ...headers, host: "s3" } }, { status: 403, code: "SignatureDoesNotMatch" }],
    [
      "an x-amz header that is not signed",
      { headers: { ...headers, "x-amz-acl": "public-read" } },
      { status: 403, code: "AccessDenied" },
    ],
  ])("is refused with %s", (_what, change, refusal) => {
    expect(verify({ ...request, ...change }, AWS)).toMatchObject(refusal);
  });

  test("is refused two days later", () => {
    const now = () => Date.parse("2013-05-26T00:00:00Z");
    expect(verify(request, { ...AWS, now })).toMatchObject({ status: 403 });
  });

  test("is taken with a header that S3 does not want signed", () => {
    expect(verify({ ...request, headers: { ...headers, "content-type": "audio/wav" } }, AWS)).toBeNull();
  });
});

test("what is not signed at all is refused, and so is another body than the one that was signed", () => {
  expect(verify({ ...byQuery, target: "/test.txt" }, AWS)).toMatchObject({ status: 403 });
  expect(verify({ ...byHeader, body: Buffer.from("x") }, AWS)).toMatchObject({
    code: "XAmzContentSHA256Mismatch",
  });
});

test("the sum that S3 calls CRC32 is base64 of its four bytes, largest first", () => {
  expect(crc32Of(Buffer.from("123456789"))).toBe("y/Q5Jg==");
  expect(crc32Of(Buffer.alloc(0))).toBe("AAAAAA==");
});
