import { describe, expect, it, vi } from "vitest";
import { resolveEndpoint } from "../../../functions/deliver-webhook/resolve-endpoint.ts";
import { WebhookRefusedError } from "../../../src/jobs/webhooks/post.ts";
import { resolveByDns } from "../../../src/net/checked-addresses.ts";
import { HOSTILE_ADDRESSES, HOSTILE_HOSTS, LOCAL_HOSTS } from "../../src/jobs/webhooks/hostile-urls.ts";

const PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"];

function dns(...addresses: string[]) {
  return vi.fn(async (_host: string) => addresses);
}

describe("a URL whose text gives it away", () => {
  it.each([...HOSTILE_HOSTS, ...LOCAL_HOSTS])(
    "with host %s is refused without a look at DNS",
    async (host) => {
      const resolve = dns(...PUBLIC);
      await expect(
        resolveEndpoint(`https://${host}/`, { allowLocal: false, resolve }),
      ).rejects.toBeInstanceOf(WebhookRefusedError);
      expect(resolve).not.toHaveBeenCalled();
    },
  );

  it.each(["http://hooks.example.com/", "https://user@hooks.example.com/", "nonsense"])(
    "%s is refused",
    async (url) => {
      const resolving = resolveEndpoint(url, { allowLocal: true, resolve: dns(...PUBLIC) });
      await expect(resolving).rejects.toMatchObject({ code: "webhook_address_refused" });
    },
  );
});

describe("a name", () => {
  const url = "https://hooks.example.com/a";

  it("leads to all its addresses, looked up once", async () => {
    const resolve = dns(...PUBLIC);
    const endpoint = await resolveEndpoint(url, { allowLocal: false, resolve });
    expect(endpoint).toEqual({ url: new URL(url), addresses: PUBLIC });
    expect(resolve.mock.calls).toEqual([["hooks.example.com"]]);
  });

  it.each([...HOSTILE_ADDRESSES, "127.0.0.1", "127.8.8.8", "::1", "fe80::1%eth0", "not an address"])(
    "that leads to %s is refused, also beside public addresses, and on a laptop",
    async (address) => {
      for (const answer of [[address], [...PUBLIC, address], [address, ...PUBLIC]])
        for (const allowLocal of [false, true]) {
          const resolving = resolveEndpoint(url, { allowLocal, resolve: dns(...answer) });
          await expect(resolving).rejects.toMatchObject({
            code: "webhook_address_refused",
            message: "hooks.example.com leads to an address that is not public.",
          });
        }
    },
  );

  it("that leads nowhere may lead somewhere later", async () => {
    const resolving = resolveEndpoint(url, { allowLocal: false, resolve: dns() });
    await expect(resolving).rejects.toThrow("hooks.example.com has no address.");
    await expect(resolving).rejects.not.toBeInstanceOf(WebhookRefusedError);
    const failing = async () => {
      throw new Error("getaddrinfo EAI_AGAIN");
    };
    await expect(resolveEndpoint(url, { allowLocal: false, resolve: failing })).rejects.toThrow("EAI_AGAIN");
  });

  it("is looked up without its final dot", async () => {
    const resolve = dns(...PUBLIC);
    await resolveEndpoint("https://hooks.example.com./", { allowLocal: false, resolve });
    expect(resolve).toHaveBeenCalledWith("hooks.example.com");
  });
});

describe("an address as host", () => {
  it.each([
    ["https://93.184.216.34/", "93.184.216.34"],
    ["https://[2606:2800:220:1::1]/", "2606:2800:220:1::1"],
  ])("%s is not looked up", async (url, address) => {
    const resolve = dns();
    expect((await resolveEndpoint(url, { allowLocal: false, resolve })).addresses).toEqual([address]);
    expect(resolve).not.toHaveBeenCalled();
  });
});

describe("this machine, on a laptop", () => {
  it("is found by its own name", async () => {
    const resolve = resolveByDns;
    const { addresses } = await resolveEndpoint("http://localhost:1/", { allowLocal: true, resolve });
    expect(["127.0.0.1", "::1"]).toEqual(expect.arrayContaining(addresses));
  });

  it.each([["10.0.0.1"], ["93.184.216.34"], ["127.0.0.1", "192.168.0.1"], ["::ffff:127.0.0.1"]])(
    "is not where localhost leads to %s",
    async (...addresses) => {
      const resolving = resolveEndpoint("http://localhost/", {
        allowLocal: true,
        resolve: dns(...addresses),
      });
      await expect(resolving).rejects.toThrow("localhost leads to an address that is not loopback.");
    },
  );
});
