// Notation, engraved when it is opened. What sounds is lit by the clock of the roll's play-head; a click on a note goes
// there.

const sheetDetails = element.querySelector(".notation"), sheet = element.querySelector(".sheet");
let engraved = null;   // the take whose notation is there, and its tempo
let heads = [];        // { from, until, group }: ticks, and the note's part of the picture

async function paintSheet() {
  const take = shownTake(), wanted = take && `${take.id} ${take.mix?.tempo ?? ""}`;
  if (!sheetDetails.open || !take || engraved === wanted) return;
  engraved = wanted;
  sheet.setAttribute("aria-busy", "true");
  const answer = await ask("notation", { take: bare(take), mix: take.mix, width: Math.round(sheet.clientWidth) || 800 });
  sheet.removeAttribute("aria-busy");
  if (!answer || engraved !== wanted) { engraved = null; return; }
  const picture = pictureOf(answer.svg);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", `Notation of ${nameOf(take)}`);
  sheet.replaceChildren(picture);
  heads = answer.notes.map(([from, until, id]) => ({ from, until, group: picture.getElementById(id) })).filter(({ group }) => group);
  for (const id of answer.new) picture.getElementById(id)?.classList.add("fresh");
  element.querySelector(".piece").textContent = answer.title;
  element.querySelector(".marks").hidden = !answer.new.length;
  for (const { from, until, group } of heads) Object.assign(group.dataset, { from, until });
  light(Number(document.querySelector("#roll [data-head]")?.dataset.head) || 0);
}

// The picture, with nothing in it that can run: titles and names in it are a visitor's.
function pictureOf(svg) {
  const picture = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
  for (const part of picture.querySelectorAll("script, foreignObject, a, desc")) part.remove();
  for (const part of [picture, ...picture.querySelectorAll("*")]) {
    for (const name of part.getAttributeNames()) if (name.startsWith("on")) part.removeAttribute(name);
  }
  return picture;
}

function light(tick) {
  for (const { from, until, group } of heads) group.classList.toggle("sounding", from <= tick && tick < until);
}

document.addEventListener("motif:head", ({ target, detail }) => { if (sheetDetails.open && target.closest("#roll")) light(detail); });
sheet.addEventListener("click", event => {
  const note = event.target.closest("[data-from]");
  if (note) document.dispatchEvent(new CustomEvent("motif:seek", { detail: Number(note.dataset.from) }));
});
sheetDetails.addEventListener("toggle", paintSheet);

// On paper stands the notation alone, page by page.
async function print() {
  const take = shownTake(), answer = take && await ask("pages", { take: bare(take), mix: take.mix });
  if (!answer) return;
  document.querySelector("#paper")?.remove();
  const paper = make("div", { id: "paper" }, ...answer.pages.map(pictureOf));
  document.body.append(paper);
  window.print();
}
element.querySelector(".print").addEventListener("click", print);
