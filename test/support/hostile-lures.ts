import { externalMov } from "./external-mov.ts";
import type { HostileRecipe } from "./hostile-case.ts";

/** Files that hold no sound but point at some: a local file and a URL, neither of which may be touched. */
export function hostileLures(canaryFile: string, canaryUrl: string): HostileRecipe[] {
  const hls = `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${canaryFile}\n#EXTINF:3,\n${canaryUrl}a.ts\n#EXT-X-ENDLIST\n`;
  const concat = `ffconcat version 1.0\nfile '${canaryFile}'\nfile '${canaryUrl}b.wav'\n`;
  const dash = `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT3S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${canaryUrl}c.m4a</BaseURL></Representation></AdaptationSet></Period></MPD>`;
  const port = new URL(canaryUrl).port;
  const sdp = `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\n`;
  const xspf = `<?xml version="1.0"?><playlist xmlns="http://xspf.org/ns/0/"><trackList><track><location>${canaryUrl}d.mp3</location></track></trackList></playlist>`;
  const texts: Record<string, string> = {
    "playlist.m3u8": hls,
    "playlist-named.wav": hls,
    "plain.m3u": `${canaryFile}\n${canaryUrl}e.mp3\n`,
    "list.ffconcat": concat,
    "concat-named.mp3": concat,
    "session.sdp": sdp,
    "station.pls": `[playlist]\nFile1=${canaryUrl}f.mp3\nFile2=${canaryFile}\nNumberOfEntries=2\nVersion=2\n`,
    "manifest.mpd": dash,
    "tracks.xspf": xspf,
    "windows.asx": `<asx version="3.0"><entry><ref href="${canaryUrl}g.wma"/></entry></asx>`,
    "windows-reference.asf": `[Reference]\r\nRef1=${canaryUrl}h.asf\r\n`,
    "real.ram": `${canaryUrl}i.rm\n`,
    "drawing.svg": `<svg xmlns="http://www.w3.org/2000/svg"><image href="${canaryUrl}j.png"/></svg>`,
  };
  const recipes = Object.entries(texts).map(
    ([name, make]): HostileRecipe => ({ name, make, expect: { code: "unsupported_media" }, lures: true }),
  );
  const movie = externalMov(canaryFile, 48_000);
  return [
    ...recipes,
    { name: "external-reference.mov", make: movie, expect: { code: "unsupported_media" }, lures: true },
  ];
}
