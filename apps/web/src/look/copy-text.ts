/** Puts text on the clipboard; false where the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** For pages without a secure origin (`http://` in a home network), where there is no clipboard to write to. */
function copyBySelection(text: string): boolean {
  const holder = document.createElement('textarea');
  holder.value = text;
  holder.style.position = 'fixed';
  holder.style.opacity = '0';
  document.body.append(holder);
  const focused = document.activeElement as HTMLElement | null;
  holder.select();
  const copied = document.execCommand('copy');
  holder.remove();
  focused?.focus();
  return copied;
}
