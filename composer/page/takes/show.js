// Which take is shown on the roll above, and its sound, which is made when it is asked for.

// A take's picture with the tempo that its mixer gives it, by which the play-head goes.
function pictured(take) {
  const tempo = take.mix?.tempo;
  return tempo ? { ...take.picture, tempos: [{ tick: 0, seconds: 0, seconds_per_tick: 60 / tempo / 24 }] } : take.picture;
}

// Put a take on the roll: at the same place as the one before it, and playing if that one played.
function show(take, settings = {}) {
  if (!take) return;
  if (session.shown !== take.id) session.before = session.shown;
  session.shown = take.id;
  document.dispatchEvent(new CustomEvent("motif:show", { detail: { value: { ...pictured(take), audio: take.audio }, ...settings } }));
  remember();
  paint();
}

async function withSound(take) {
  if (take.audio) return true;
  const answer = await ask("sound", { take: bare(take), mix: take.mix });
  if (answer) take.audio = { path: answer.path, url: addressOf(answer.path) };
  return Boolean(answer);
}

async function pick(take) {
  const playing = document.querySelector("#roll .play[data-playing]");
  if (playing && !take.audio) await withSound(take);
  show(take);
}

document.addEventListener("motif:listen", async () => {
  const take = shownTake();
  if (take && await withSound(take)) show(take, { play: true });
});
