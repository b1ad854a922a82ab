// What the readers say of the take that is shown, asked for when it is shown first; and takes in the order of a taste.

const hearing = element.querySelector(".hearing"), heardOf = hearing.querySelector(".heard");
let heardTake = null;  // the take whose hearing is there

async function paintHearing() {
  const take = shownTake();
  if (!hearing.open || !take || heardTake === take.id) return;
  heardTake = take.id;
  hush();
  if (!take.heard) {
    heardOf.setAttribute("aria-busy", "true");
    const answer = await ask("hear", { take: bare(take) });
    heardOf.removeAttribute("aria-busy");
    if (!answer) { if (heardTake === take.id) heardTake = null; return; }
    take.heard = answer;
    take.traits ||= answer.traits;
  }
  if (shownTake()?.id !== take.id) return;
  const parts = take.heard;
  heardOf.replaceChildren(...hearingView(parts, bar => chooseSpan({ first: bar, last: bar })));
}
hearing.addEventListener("toggle", paintHearing);

// "Most to your taste first": the order is asked for anew whenever the taste or the takes change.
const byTaste = element.querySelector(".by-taste");
let order = null, asked = "";  // { id: { place, why } }, and what it was asked with

async function putInOrder() {
  byTaste.setAttribute("aria-pressed", session.byTaste);
  const taste = motif.taste.rows(), told = taste.likes.length + taste.dislikes.length;
  element.querySelector(".no-taste").hidden = !session.byTaste || Boolean(told);
  if (!session.byTaste || !told || !session.takes.length) {
    asked = "";
    if (order) { order = null; paintCards(); }
    return;
  }
  const takes = session.takes.map(({ id, traits }) => ({ id, traits }));
  const question = JSON.stringify([taste, takes]);
  if (question === asked) return;
  asked = question;
  const answer = await ask("order", { taste, takes });
  if (asked !== question || !answer) return;
  order = Object.fromEntries(answer.order.map(({ id, why }, place) => [id, { place, why }]));
  paintCards();
}
byTaste.addEventListener("click", () => { session.byTaste = !session.byTaste; remember(); putInOrder(); });
document.addEventListener("motif:taste", putInOrder);
