// @ts-check
// The page's sound output for what plays from memory, made at a press: browsers want one before anything sounds.

/** @type {AudioContext | undefined} */
let output;

export function soundOutput() {
  output ??= new AudioContext();
  if (output.state === "suspended") output.resume();
  return output;
}
