// What comes from Python: takes that were written, and the one that is growing. Then, what this browser remembers.

// What is said of the take that is shown.
function paintWords() {
  const take = shownTake(), words = element.querySelector(".take-words");
  words.querySelector("p").textContent = take?.headline ?? "";
  const twin = take && takeOf(take.twin);
  const same = twin ? [`The same, note for note, as take ${letterOf(twin.index)}.`] : [];
  const sentences = take ? [...same, ...take.sentences, ...(take.silence ? [take.silence] : [])] : [];
  words.querySelector("ul").replaceChildren(...sentences.map(textContent => make("li", { textContent })));
}

function paint() {
  paintWords();
  paintCards();
  paintTools();
  paintHearing();
}

// Bars that were redone stay chosen, to be redone again.
const isRedone = take => take?.recipe.request.region && take.parent === last;

let last = null;  // the take that was shown before the one that is being written
function arrive() {
  const value = props.value || {};
  follow(value);
  if (!value.takes?.length && !("show" in value)) { paintGrowing(); return; }  // many a second: the cards stay
  for (const take of value.takes || []) addTake(take);
  if (value.show === null) {
    last = session.shown ?? last;
    session.shown = null;
  } else if (value.show && value.show !== session.shown) {
    session.before = session.shown ?? last;
    session.shown = value.show;
    if (!isRedone(shownTake())) chosen = null;
  }
  if (value.takes?.length) remember();
  if (value.sent) welcome();
  paint();
  putInOrder();
}

recall();
watch("value", arrive);
paintComposing();
paint();
putInOrder();
if (!shownTake()) session.shown = null;
if (shownTake() && !location.hash.startsWith("#take=")) show(shownTake());
document.addEventListener("motif:language", paintCards);
new MutationObserver(paintCards).observe(document.body, { attributes: true, attributeFilter: ["class"] });

// A take that somebody sent is in view, with a word on what it is; one press plays it.
function welcome() {
  const take = shownTake(), sent = element.querySelector(".sent");
  sent.hidden = false;
  sent.querySelector("p").textContent = `Somebody sent you a take: ${titleOf(take)}, ${take.headline}.`;
  setTimeout(() => {
    document.querySelector("#shown").scrollIntoView({ block: "start" });
    sent.querySelector("button").focus({ preventScroll: true });
  }, 300);  // milliseconds: the seed above it takes its place first
}
element.querySelector(".sent button").addEventListener("click", () => {
  element.querySelector(".sent").hidden = true;
  document.querySelector("#roll .play").click();
});

// A link that brings a take: Python opens it, and the address is plain again.
function openLink() {
  if (!location.hash.startsWith("#take=")) return;
  window.motif.linked = true;
  const packed = location.hash.slice("#take=".length);
  history.replaceState(null, "", location.pathname + location.search);
  trigger("open", { packed });
}
window.addEventListener("hashchange", openLink);
setTimeout(openLink, 0);
