import { describe, expect, it } from "vitest";
import { InvalidRequestError } from "../../../../src/jobs/errors.ts";
import { kindOfAddress } from "../../../../src/jobs/webhooks/addresses.ts";
import { checkWebhookUrl } from "../../../../src/jobs/webhooks/url.ts";
import { HOSTILE_HOSTS, LOCAL_HOSTS } from "./hostile-urls.ts";

const errorOf = (url: string, allowLocal = false): unknown => {
  try {
    checkWebhookUrl(url, { allowLocal });
    return null;
  } catch (error) {
    return error;
  }
};

describe("a webhook URL is accepted", () => {
  it.each([
    "https://example.com",
    "https://hooks.example.com:8443/a/b?token=1",
    "https://EXAMPLE.com./x",
    "https://93.184.216.34/hook",
    "https://[2606:2800:220:1:248:1893:25c8:1946]/hook",
    "https://bücher.example/hook",
    "https://172.32.0.1/",
    "https://100.128.0.1/",
    "https://internal.example.com/",
    `https://example.com/${"x".repeat(2028)}`,
  ])("%s", (url) => {
    expect(errorOf(url)).toBeNull();
  });
});

describe("a webhook URL is refused", () => {
  it.each([
    ["", "is not a URL."],
    ["example.com/hook", "is not a URL."],
    ["https://", "is not a URL."],
    ["https://256.1.1.1/", "is not a URL."],
    ["https://a b/", "is not a URL."],
    ["https://example.com:99999/", "is not a URL."],
    ["http://example.com/", "must begin with https://."],
    ["ftp://example.com/", "must begin with https://."],
    ["file:///etc/passwd", "must begin with https://."],
    ["javascript:alert(1)", "must begin with https://."],
    ["gopher://example.com/", "must begin with https://."],
    ["https://user@example.com/", "must not hold credentials: verify the signature instead."],
    ["https://user:secret@example.com/", "must not hold credentials: verify the signature instead."],
    ["https://example.com/#part", "must not have a fragment: it would not be sent."],
    ["https://a..example.com/", "has no valid host name."],
    ["https://intranet/", "must not lead to intranet, which is not a public name."],
    ["https://10.0.0.1/", "must not lead to 10.0.0.1, which is not a public address."],
    [`https://example.com/${"x".repeat(2029)}`, "is longer than 2048 characters."],
  ])("%s", (url, reason) => {
    const error = errorOf(url);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      message: `\`webhook.url\` ${reason}`,
      details: { field: "webhook.url" },
    });
  });

  it.each([...HOSTILE_HOSTS, ...LOCAL_HOSTS])("with host %s", (host) => {
    expect(errorOf(`https://${host}/hook`)).toBeInstanceOf(InvalidRequestError);
    expect(errorOf(`http://${host}/hook`)).toBeInstanceOf(InvalidRequestError);
  });
});

describe("on a laptop", () => {
  it.each(LOCAL_HOSTS)("%s is accepted, by http too", (host) => {
    expect(errorOf(`http://${host}:3000/hook`, true)).toBeNull();
    expect(errorOf(`https://${host}:3000/hook`, true)).toBeNull();
  });

  it.each(HOSTILE_HOSTS)("%s is refused all the same", (host) => {
    expect(errorOf(`https://${host}/hook`, true)).toBeInstanceOf(InvalidRequestError);
  });

  it.each(["http://example.com/", "http://93.184.216.34/", "ftp://localhost/", "http://user@localhost/"])(
    "%s is refused",
    (url) => {
      expect(errorOf(url, true)).toBeInstanceOf(InvalidRequestError);
    },
  );
});

describe("an address", () => {
  it.each([
    ["8.8.8.8", "public"],
    ["2a00:1450:4001:82a::200e", "public"],
    ["127.0.0.1", "loopback"],
    ["::1", "loopback"],
    ["fe80::1%eth0", "refused"],
    ["010.0.0.1", "refused"],
    ["127.1", "refused"],
    ["2130706433", "refused"],
    ["[::1]", "refused"],
    ["localhost", "refused"],
    ["", "refused"],
  ])("%j is %s", (address, kind) => {
    expect(kindOfAddress(address)).toBe(kind);
  });
});
