// @ts-check
// Notation, engraved when it is opened. What sounds is lit by the clock of the roll's play-head; a click on a note goes
// there.
import { around, find, make } from "../elements.js";

/**
 * The picture, with nothing in it that can run: titles and names in it are a visitor's.
 * @param {string} svg
 */
function pictureOf(svg) {
  const read = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const picture = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.importNode(read, true)));
  for (const part of picture.querySelectorAll("script, foreignObject, a, desc")) part.remove();
  for (const part of [picture, ...picture.querySelectorAll("*")]) {
    for (const name of part.getAttributeNames()) if (name.startsWith("on")) part.removeAttribute(name);
  }
  return picture;
}

/** Where the roll's play-head stands, in ticks. */
export function headOfRoll() {
  const roll = document.querySelector("#roll [data-head]");
  return Number(roll instanceof HTMLElement ? roll.dataset.head : 0) || 0;
}

/** @param {import("./panel.js").Panel} panel */
export function takeSheet({ host: { element, signal }, store, ask, bare, nameOf }) {
  const fold = find(element, ".notation", HTMLDetailsElement), sheet = find(element, ".sheet");
  /** @type {string | null} */
  let engraved = null;   // the take whose notation is there, and its tempo
  /** @type {{ from: number, until: number, group: HTMLElement }[]} */
  let heads = [];        // ticks, and the note's part of the picture

  async function paint() {
    const take = store.shownTake(), wanted = take && `${take.id} ${take.mix?.tempo ?? ""}`;
    if (!fold.open || !take || engraved === wanted) return;
    engraved = wanted;
    sheet.setAttribute("aria-busy", "true");
    const answer = await ask("notation", { take: bare(take), mix: take.mix, width: Math.round(sheet.clientWidth) || 800 });
    sheet.removeAttribute("aria-busy");
    if (!answer || engraved !== wanted) { engraved = null; return; }
    const picture = pictureOf(answer.svg);
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `Notation of ${nameOf(take)}`);
    sheet.replaceChildren(picture);
    heads = answer.notes.map((/** @type {[number, number, string]} */ [from, until, id]) => ({ from, until, group: picture.getElementById(id) }))
      .filter((/** @type {{ group: Element | null }} */ { group }) => group);
    for (const id of answer.new) picture.getElementById(id)?.classList.add("fresh");
    find(element, ".piece").textContent = answer.title;
    find(element, ".marks").hidden = !answer.new.length;
    for (const { from, until, group } of heads) Object.assign(group.dataset, { from, until });
    light(headOfRoll());
  }

  /** @param {number} tick */
  function light(tick) {
    for (const { from, until, group } of heads) group.classList.toggle("sounding", from <= tick && tick < until);
  }

  // On paper stands the notation alone, page by page.
  async function print() {
    const take = store.shownTake(), answer = take && await ask("pages", { take: bare(take), mix: take.mix });
    if (!answer) return;
    document.querySelector("#paper")?.remove();
    document.body.append(make("div", { id: "paper" }, ...answer.pages.map(pictureOf)));
    window.print();
  }

  document.addEventListener("motif:head", event => {
    if (fold.open && around(event, "#roll")) light(/** @type {CustomEvent} */ (event).detail);
  }, { signal });
  sheet.addEventListener("click", event => {
    const note = around(event, "[data-from]");
    if (note) document.dispatchEvent(new CustomEvent("motif:seek", { detail: Number(note.dataset.from) }));
  });
  fold.addEventListener("toggle", paint);
  find(element, ".print").addEventListener("click", print);
  return { paint };
}
