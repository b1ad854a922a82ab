// @ts-check
// The session's takes as cards, each under the one it came from.
import { find, make } from "../elements.js";
import { opinions } from "../readers/view.js";
import { letterOf } from "./names.js";
import { rename } from "./renaming.js";

/** @typedef {import("./store.js").Take} Take */
/** @typedef {import("./store.js").Picture} Picture */
/** @typedef {{ take: Take, depth: number }} Placed */
/** @typedef {ReturnType<typeof takeCards>} Cards */

/**
 * By the visitor's taste where that is wished for. Else parents first, each followed by what came of it; the newest press
 * first, its takes as they were written.
 * @param {import("./store.js").TakeStore} store
 * @param {import("./order.js").Order | null} order
 * @returns {Placed[]}
 */
export function inOrder(store, order) {
  if (order) {
    /** @param {Take} take */
    const place = take => order[take.id]?.place ?? Infinity;
    return [...store.takes].sort((one, other) => place(one) - place(other)).map(take => ({ take, depth: 0 }));
  }
  /** @type {Map<string | null, Take[]>} */
  const children = new Map();
  for (const take of store.takes) {
    const parent = store.parentOf(take)?.id ?? null, list = children.get(parent) || [];
    const sibling = list.findIndex(other => other.press === take.press && other.slot > take.slot);
    const last = list.findLastIndex(other => other.press === take.press);
    list.splice(sibling >= 0 ? sibling : last + 1, 0, take);
    children.set(parent, list);
  }
  /** @type {Placed[]} */
  const list = [];
  /** @type {(id: string | null, depth: number, seen: Set<string>) => void} */
  const walk = (id, depth, seen) => {
    for (const take of children.get(id) || []) {
      if (seen.has(take.id)) continue;
      list.push({ take, depth });
      walk(take.id, depth + 1, new Set([...seen, take.id]));
    }
  };
  walk(null, 0, new Set());
  return list;
}

/**
 * @param {import("./panel.js").Panel} panel
 * @param {{ order: import("./order.js").TasteOrder, showing: import("./show.js").Showing }} parts
 */
export function takeCards({ host: { element, props }, store, titleOf, nameOf, settingsOf, paint: paintAll }, { order, showing }) {
  const cards = find(element, ".cards"), undo = find(element, ".undo");

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Picture} picture
   */
  function drawSmall(canvas, picture) {
    const dots = window.devicePixelRatio || 1, width = 132, height = 40, pen = canvas.getContext("2d");
    if (!pen) return;
    canvas.width = width * dots;
    canvas.height = height * dots;
    pen.scale(dots, dots);
    const pitches = picture.notes.map(note => note.pitch), low = Math.min(...pitches), high = Math.max(...pitches);
    const rows = Math.max(12, high - low + 1), style = getComputedStyle(element);
    const [fresh, given] = ["--new", "--seed"].map(name => style.getPropertyValue(name));
    for (const note of picture.notes) {
      pen.fillStyle = note.new ? fresh : given;
      const x = note.onset / picture.end * width, wide = Math.max(1.5, note.duration / picture.end * width - 0.5);
      pen.fillRect(x, height - 3 - (note.pitch - low + 1) / rows * (height - 6), wide, Math.max(2, (height - 6) / rows));
    }
  }

  /** @param {Take} take */
  function keepButton(take) {
    const button = make("button", { type: "button", className: "kept", title: "Keep", textContent: "★" });
    button.setAttribute("aria-label", `Keep: ${nameOf(take)}`);
    button.setAttribute("aria-pressed", String(Boolean(take.kept)));
    button.addEventListener("click", () => { take.kept = !take.kept; store.touch(take); store.remember(); paintAll(); });
    return button;
  }

  // What is thought of a take stands beside it, and in the taste that puts takes and tunes in order.
  /** @param {Take} take */
  const opinionsOf = take => opinions(`take:${take.id}`, nameOf(take), take.traits, side => {
    take.liked = side === "likes";
    store.touch(take);
    store.remember();
  });

  /**
   * @param {Take} take
   * @param {HTMLElement} place
   */
  function renameIn(take, place) {
    rename(place, titleOf(take), `New name: ${nameOf(take)}`, name => {
      if (name !== null) {
        take.name = name;
        store.touch(take);
        store.remember();
      }
      paint();
      cards.querySelector(/** @type {"button"} */ (`[data-take="${take.id}"] .name-it`))?.focus();
    });
  }

  /** @param {Take} take */
  function about(take) {
    const title = make("span", { className: "called", textContent: titleOf(take), translate: !take.name });
    const number = make("span", { className: "number" }, make("b", { textContent: letterOf(take.index) }), title);
    const made = make("span", { className: "settings", textContent: settingsOf(take) });
    const why = order.now()?.[take.id]?.why;
    const reason = why ? [make("span", { className: "why", textContent: why })] : [];
    return make("span", { className: "about" }, number, make("span", { textContent: take.headline }), made, ...reason);
  }

  /** @param {Placed} placed */
  function card({ take, depth }) {
    const canvas = make("canvas");
    canvas.setAttribute("aria-hidden", "true");
    drawSmall(canvas, take.picture);
    const button = make("button", { type: "button", className: "pick" }, canvas, about(take));
    button.setAttribute("aria-pressed", String(take.id === store.shown));
    button.addEventListener("click", () => showing.pick(take));
    const pencil = make("button", { type: "button", className: "name-it", title: "Rename", textContent: "✎" });
    pencil.setAttribute("aria-label", `Rename: ${nameOf(take)}`);
    pencil.addEventListener("click", () => renameIn(take, button));
    const drop = make("button", { type: "button", className: "drop", title: "Discard", textContent: "✕" });
    drop.setAttribute("aria-label", `Discard: ${nameOf(take)}`);
    drop.addEventListener("click", () => discard(take));
    const data = { take: take.id, depth: Math.min(depth, 4), model: take.recipe.checkpoint, opinion: `take:${take.id}` };
    const item = make("li", { data });
    item.append(button, ...opinionsOf(take), keepButton(take), pencil, drop);
    return item;
  }

  /** @param {Take} take */
  function discard(take) {
    store.drop(take);
    if (store.shown === take.id) {
      store.show(null);
      showing.hide();
    }
    store.remember();
    paintAll();
  }

  /** @param {Picture} picture */
  function growingCard(picture) {
    const canvas = make("canvas");
    drawSmall(canvas, picture);
    return make("li", { className: "growing" }, canvas, make("span", { textContent: "Writing …" }));
  }

  // The second take of a press and those after it grow among the cards; the first has the roll.
  function paintGrowing() {
    for (const card of cards.querySelectorAll(".growing")) card.remove();
    cards.prepend(...(props.value?.growing ?? []).map(growingCard));
    find(element, ".session").hidden = !cards.children.length;
  }

  function paint() {
    const active = document.activeElement instanceof HTMLElement && cards.contains(document.activeElement) ? document.activeElement : null;
    const held = /** @type {HTMLElement | null | undefined} */ (active?.closest("[data-take]"))?.dataset.take;
    cards.replaceChildren(...inOrder(store, order.now()).map(card));
    paintGrowing();
    // The focus is not lost to who uses the keys.
    if (held && active) cards.querySelector(/** @type {"button"} */ (`[data-take="${held}"] .${active.className}`))?.focus();
    undo.hidden = !store.dropped;
    element.dataset.takes = String(store.takes.length);
    element.dataset.shown = store.shown || "";
  }

  undo.addEventListener("click", () => {
    store.bringBack();
    store.remember();
    paintAll();
  });

  const question = find(element, ".ask", HTMLDialogElement);
  find(element, ".clear").addEventListener("click", () => { question.returnValue = ""; question.showModal(); });
  question.addEventListener("close", () => {
    if (!question.returnValue) return;
    store.clear(question.returnValue === "all");
    if (!store.shownTake()) {
      store.show(null);
      showing.hide();
    }
    store.remember();
    paintAll();
  });
  return { paint, paintGrowing };
}
