// @ts-check
// A small piano for the fingers: what a key sounds like while one draws or plays. Takes are played by a real synthesizer.

/** @typedef {ReturnType<typeof smallPiano>} Piano */
/** @typedef {(at?: number) => void} LetGo lets a key go, at a time of the sound output in seconds */

const LOUDEST = 0.22;

/** @param {AbortSignal} signal */
export function smallPiano(signal) {
  /** @type {AudioContext | null} */
  let speaker = null;
  signal.addEventListener("abort", () => { speaker?.close(); });

  // The sound output, made when it is first needed: browsers want a press before it.
  function sounder() {
    speaker ??= new AudioContext();
    if (speaker.state === "suspended") speaker.resume();
    return speaker;
  }

  /**
   * Strike a key; gives the function that lets it go.
   * @param {number} pitch
   * @param {number} velocity MIDI's
   * @param {number} at a time of the sound output in seconds
   * @returns {LetGo}
   */
  function strike(pitch, velocity = 90, at = 0) {
    const output = sounder(), start = Math.max(at, output.currentTime);
    const tone = output.createOscillator(), body = output.createOscillator(), level = output.createGain();
    const frequency = 440 * 2 ** ((pitch - 69) / 12), loud = LOUDEST * velocity / 127;
    tone.type = "triangle";
    tone.frequency.value = frequency;
    body.frequency.value = frequency * 2;
    const soft = output.createGain();
    soft.gain.value = 0.25;
    level.gain.setValueAtTime(0, start);
    level.gain.linearRampToValueAtTime(loud, start + 0.008);
    level.gain.exponentialRampToValueAtTime(loud * 0.35, start + 0.5);
    level.gain.exponentialRampToValueAtTime(0.001, start + 4);
    tone.connect(level);
    body.connect(soft).connect(level).connect(output.destination);
    for (const part of [tone, body]) { part.start(start); part.stop(start + 4); }
    return (then = 0) => {
      const end = Math.max(then, output.currentTime, start + 0.03);
      level.gain.cancelAndHoldAtTime?.(end);
      level.gain.setTargetAtTime(0, end, 0.06);
      for (const part of [tone, body]) part.stop(end + 0.5);
    };
  }

  /**
   * A short stroke, to hear which note it is.
   * @param {number} pitch
   * @param {number} [velocity]
   */
  function ping(pitch, velocity = 90) {
    const letGo = strike(pitch, velocity);
    letGo(sounder().currentTime + 0.22);
  }
  return { sounder, strike, ping };
}
