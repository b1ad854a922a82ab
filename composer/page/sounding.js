// @ts-check
// One sound at a time: whatever begins to play, the seed, a take, a tune of the library or a recording, the others pause.
// Players are found by what they do: Gradio's and our own, some of which stand in no document, so that no event of
// theirs could be heard there.

/** @type {Set<WeakRef<HTMLMediaElement>>} */
const players = new Set();  // of what has played

/** @param {HTMLMediaElement | null} except */
export function hush(except = null) {
  document.dispatchEvent(new CustomEvent("motif:hush", { detail: except }));  // to what plays without a player
  for (const known of players) {
    const player = known.deref();
    if (!player) players.delete(known);
    else if (player !== except && !player.paused) player.pause();
  }
}

/** From now on, one at a time. */
export function soundOneAtATime() {
  const begin = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    if (!this.src.startsWith("data:")) hush(this);  // a moment of silence only unlocks the sound for a take to come
    if (![...players].some(known => known.deref() === this)) players.add(new WeakRef(this));
    return begin.call(this);
  };
}
