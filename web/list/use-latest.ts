import { useEffect, useState } from "preact/hooks";

const LOOK_EVERY_MS = 3000;

/** What `read` answers, asked for again every few seconds while somebody looks. `key`: another one is another thing. */
export function useLatest<Value>(read: () => Promise<Value>, key: string) {
  const [state, setState] = useState<{ value: Value | null; error: string | null }>({
    value: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let left = false;
    const look = () =>
      read().then(
        (value) => left || setState({ value, error: null }),
        (error: Error) => left || setState((before) => ({ ...before, error: error.message })),
      );
    look();
    const timer = setInterval(() => document.visibilityState === "visible" && look(), LOOK_EVERY_MS);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [key, round]);
  return { ...state, look: () => setRound((count) => count + 1) };
}
