/** Lets the user choose files; to be called while they press something. `chosen` isn't called when they change their mind. */
export function pickFiles(accept: string, chosen: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = accept;
  input.hidden = true;
  // In the page, so that it lives as long as the system's dialog is open.
  document.body.append(input);
  input.addEventListener('change', () => {
    input.remove();
    if (input.files?.length) chosen([...input.files]);
  });
  input.addEventListener('cancel', () => input.remove());
  input.click();
}
