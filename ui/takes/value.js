// What comes from Python: takes that were written, and the one that is growing. Then, what this browser remembers.

// What is said of the take that is shown.
function paintWords() {
  const take = shownTake(), words = element.querySelector(".take-words");
  words.querySelector("p").textContent = take ? take.headline : props.value?.writing ? "Writing …" : "";
  const sentences = take ? [...take.sentences, ...(take.silence ? [take.silence] : [])] : [];
  words.querySelector("ul").replaceChildren(...sentences.map(textContent => make("li", { textContent })));
}

function paint() {
  paintWords();
  paintCards();
  paintTools();
  paintHearing();
}

function arrive() {
  const value = props.value || {};
  for (const take of value.takes || []) addTake(take);
  if (value.show === null) {
    session.shown = null;
  } else if (value.show && value.show !== session.shown) {
    session.before = session.shown;
    session.shown = value.show;
    chosen = null;
  }
  if (value.takes?.length) remember();
  paint();
  putInOrder();
}

recall();
watch("value", arrive);
paint();
putInOrder();
if (shownTake() && !location.hash.startsWith("#take=")) show(shownTake());
document.addEventListener("motif:language", paintCards);
new MutationObserver(paintCards).observe(document.body, { attributes: true, attributeFilter: ["class"] });

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
