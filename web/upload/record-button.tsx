import { useEffect, useMemo, useState } from "preact/hooks";
import { clock } from "../format.ts";
import { useStore } from "../store.ts";
import { TEXT } from "../text.ts";
import { Recorder } from "./recorder.ts";

const text = TEXT.upload;

export function RecordButton({ onFile }: { onFile: (file: File) => void }) {
  const recorder = useMemo(() => new Recorder(onFile), []);
  const status = useStore(recorder.status);
  const [, tick] = useState(0);
  useEffect(() => {
    if (status.state !== "recording") return;
    const timer = setInterval(() => tick((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, [status.state]);
  useEffect(() => () => recorder.stop(), [recorder]);
  if (!Recorder.available) return null;
  if (status.state === "recording")
    return (
      <button type="button" class="danger" onClick={() => recorder.stop()}>
        {text.stop(clock((Date.now() - status.since) / 1000))}
      </button>
    );
  return (
    <>
      <button type="button" onClick={() => recorder.start()}>
        {text.record}
      </button>
      {status.state === "refused" && <span role="alert">{text.noMicrophone}</span>}
    </>
  );
}
