/** C0 but tab and newline, DEL, C1: what could make a terminal do something. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const REVERSED = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text that a terminal will only show: control characters become their code in brackets. */
export function visible(text: string): string {
  const code = (char: string) =>
    `<${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}>`;
  return text.replaceAll(CONTROL, code).replaceAll(REVERSED, code);
}
