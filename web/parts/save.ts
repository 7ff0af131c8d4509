/** Have the browser save a text as a file. */
export function save(name: string, content: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** `call 17` of `call 17.wav`. */
export function stem(name: string): string {
  return name.replace(/(?<=.)\.\w{1,8}$/u, "");
}
