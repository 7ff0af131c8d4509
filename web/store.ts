import { useEffect, useState } from "preact/hooks";

/** A value that is watched. */
export class Store<Value> {
  #value: Value;
  readonly #watchers = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  get value(): Value {
    return this.#value;
  }

  set(value: Value): void {
    this.#value = value;
    for (const watcher of [...this.#watchers]) watcher();
  }

  change(make: (value: Value) => Value): void {
    this.set(make(this.#value));
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }
}

/** The value as it stands; the component is drawn anew when it changes. */
export function useStore<Value>(store: Store<Value>): Value {
  const [, draw] = useState(0);
  useEffect(() => {
    draw((count) => count + 1);
    return store.watch(() => draw((count) => count + 1));
  }, [store]);
  return store.value;
}
