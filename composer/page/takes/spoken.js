// The take bar by bar in words, made when it is opened.

const spokenDetails = element.querySelector(".spoken"), bars = spokenDetails.querySelector("ol");
let readTake = null;  // the take that is read out

async function readOut() {
  const take = shownTake();
  if (!spokenDetails.open || !take || readTake === take.id) return;
  readTake = take.id;
  const answer = await ask("spoken", { take: bare(take) });
  if (!answer || readTake !== take.id) { readTake = null; return; }
  bars.replaceChildren(...answer.sentences.map(textContent => make("li", { textContent })));
}
spokenDetails.addEventListener("toggle", readOut);
