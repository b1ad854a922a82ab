// What can be done with the take that is shown: bars chosen, looped, redone; gone on from; taken away as files.

const tools = element.querySelector(".tools"), folds = element.querySelector(".folds");
const firstBar = element.querySelector(".first"), lastBar = element.querySelector(".last");
const voiceChoice = element.querySelector(".voices"), loopButton = element.querySelector(".loop");
const barsOf = take => take.picture.bars.length - 1;
let chosen = null;        // { first, last }, from 1
let silenced = new Set(); // the indices of voices not to redo

function chooseSpan(span, drawn = false, alone = null) {
  chosen = span;
  for (const [field, end] of [[firstBar, span?.first], [lastBar, span?.last]]) {
    if (!alone || alone === field) field.value = end ?? "";  // else it would change while somebody types there
    field.placeholder = end ?? "";
  }
  if (!span) setLoop(false);
  for (const name of ["redo", "loop", "extend"]) tools.querySelector(`.${name}`).disabled = !span;
  tell(span || drawn ? "" : "Drag across bars of the take, or type them, to loop or redo them.");
  if (!drawn) document.dispatchEvent(new CustomEvent("motif:span", { detail: span && { ...span, voices: heardVoices() } }));
}

const heardVoices = () => {
  const take = shownTake();
  return take ? take.score.voices.map((_, index) => index).filter(index => !silenced.has(index)) : null;
};

function typed() {
  const take = shownTake(), most = take ? barsOf(take) : 1;
  const whole = field => Math.max(1, Math.min(most, Math.round(Number(field.value)) || 1));
  if (!firstBar.value && !lastBar.value) { chooseSpan(null); return; }
  const first = whole(firstBar.value ? firstBar : lastBar), last = whole(lastBar.value ? lastBar : firstBar);
  const alone = firstBar.value && lastBar.value ? null : firstBar.value ? firstBar : lastBar;
  chooseSpan({ first: Math.min(first, last), last: Math.max(first, last) }, false, alone);
}
for (const field of [firstBar, lastBar]) field.addEventListener("change", typed);
document.addEventListener("motif:dragged", event => chooseSpan(event.detail, true));

function setLoop(on) {
  loopButton.setAttribute("aria-pressed", on);
  document.dispatchEvent(new CustomEvent("motif:loop", { detail: on }));
}
loopButton.addEventListener("click", () => setLoop(loopButton.getAttribute("aria-pressed") !== "true"));

function paintVoices(take) {
  const several = take.score.voices.length > 1;
  voiceChoice.replaceChildren(...(several ? take.score.voices : []).map((voice, index) => {
    const button = make("button", { type: "button", textContent: partOf(take, index) });
    button.setAttribute("aria-pressed", !silenced.has(index));
    button.addEventListener("click", () => {
      if (!silenced.delete(index)) silenced.add(index);
      paintVoices(take);
      if (chosen) chooseSpan(chosen);
    });
    return button;
  }));
}

let painted = null;  // the take whose tools are there
function paintTools() {
  const take = shownTake();
  tools.hidden = folds.hidden = !take;
  if (!take) { painted = null; return; }
  for (const button of tools.querySelectorAll(".sound")) button.disabled = Boolean(take.silence);
  tools.querySelector(".swap").disabled = !takeOf(session.before);
  if (painted === take.id) return;
  tools.querySelector(".link-text").hidden = true;
  painted = take.id;
  firstBar.max = lastBar.max = barsOf(take);
  silenced = new Set();
  paintVoices(take);
  chooseSpan(chosen && chosen.last <= barsOf(take) ? chosen : null);
  paintMixer(take);
  paintSheet();
  paintPlane();
  readOut();
}

const numbers = () => heardVoices().map(index => index + 1);
tools.querySelector(".redo").addEventListener("click", () => {
  if (!numbers().length) { tell("Choose a voice to redo."); return; }
  pressed();
  trigger("redo", { take: bare(shownTake()), ...chosen, voices: numbers() });
});
tools.querySelector(".extend").addEventListener("click", () => {
  pressed();
  trigger("extend", { take: bare(shownTake()), bar: chosen.last });
});
tools.querySelector(".edit").addEventListener("click", () => {
  motif.hush();
  trigger("change_take", { take: bare(shownTake()), mix: mixOf(shownTake()) });
});
tools.querySelector(".use").addEventListener("click", () => trigger("use", { take: bare(shownTake()) }));
tools.querySelector(".into").addEventListener("click", () => {
  trigger("into", { take: bare(shownTake()) });
  document.querySelector("#desk").scrollIntoView({ block: "center" });  // where network, task and second tune change
});
tools.querySelector(".to-settings").addEventListener("click", () => {
  document.querySelector("#desk").scrollIntoView({ block: "start" });
  document.querySelector("#task input:checked")?.focus({ preventScroll: true });
});
tools.querySelector(".swap").addEventListener("click", () => pick(takeOf(session.before)));

for (const button of tools.querySelectorAll("[data-file]")) {
  button.addEventListener("click", async () => {
    const take = shownTake();
    button.setAttribute("aria-busy", "true");
    const answer = await ask("file", { take: bare(take), mix: take.mix, kind: button.dataset.file });
    button.removeAttribute("aria-busy");
    if (answer) make("a", { href: addressOf(answer.path), download: answer.name }).click();
  });
}

// Where the page comes over plain http there is no clipboard to write to, but what is selected can be copied.
async function copied(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (forbidden) {
    field.hidden = false;
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

tools.querySelector(".link").addEventListener("click", async () => {
  const answer = await ask("link", { take: bare(shownTake()) });
  if (!answer) return;
  const field = tools.querySelector(".link-text");
  field.value = element.dataset.link = `${location.origin}${location.pathname}#take=${answer.packed}`;
  const done = await copied(field.value, field);
  tell(done ? "The link is copied. It opens this take anywhere, note for note." : "Copy this link. It opens this take anywhere, note for note.");
});
