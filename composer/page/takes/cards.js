// The session's takes as cards, each under the one it came from.

const cards = element.querySelector(".cards");

// By the visitor's taste where that is wished for. Else parents first, each followed by what came of it; the newest press first, its takes as they were written.
function inOrder() {
  if (order) {
    const place = take => order[take.id]?.place ?? Infinity;
    return [...session.takes].sort((one, other) => place(one) - place(other)).map(take => ({ take, depth: 0 }));
  }
  const children = new Map();
  for (const take of session.takes) {
    const parent = parentOf(take)?.id ?? null, list = children.get(parent) || [];
    const sibling = list.findIndex(other => other.press === take.press && other.slot > take.slot);
    const last = list.findLastIndex(other => other.press === take.press);
    list.splice(sibling >= 0 ? sibling : last + 1, 0, take);
    children.set(parent, list);
  }
  const list = [];
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

function drawSmall(canvas, picture) {
  const dots = window.devicePixelRatio || 1, width = 132, height = 40, pen = canvas.getContext("2d");
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

function keepButton(take) {
  const button = make("button", { type: "button", className: "kept", title: "Keep", textContent: "★" });
  button.setAttribute("aria-label", `Keep: ${nameOf(take)}`);
  button.setAttribute("aria-pressed", Boolean(take.kept));
  button.addEventListener("click", () => { take.kept = !take.kept; touch(take); remember(); paint(); });
  return button;
}

// What is thought of a take stands beside it, and in the taste that puts takes and tunes in order.
const opinionsOf = take => opinions(`take:${take.id}`, nameOf(take), take.traits, side => {
  take.liked = side === "likes";
  touch(take);
  remember();
});

function card({ take, depth }) {
  const canvas = make("canvas");
  canvas.setAttribute("aria-hidden", "true");
  drawSmall(canvas, take.picture);
  const title = make("span", { className: "called", textContent: titleOf(take), translate: !take.name });
  const number = make("span", { className: "number" }, make("b", { textContent: letterOf(take.index) }), title);
  const made = make("span", { className: "settings", textContent: settingsOf(take) });
  const about = make("span", { className: "about" }, number, make("span", { textContent: take.headline }), made);
  const why = order?.[take.id]?.why;
  if (why) about.append(make("span", { className: "why", textContent: why }));
  const button = make("button", { type: "button", className: "pick" }, canvas, about);
  button.setAttribute("aria-pressed", take.id === session.shown);
  button.addEventListener("click", () => pick(take));
  const pencil = make("button", { type: "button", className: "name-it", title: "Rename", textContent: "✎" });
  pencil.setAttribute("aria-label", `Rename: ${nameOf(take)}`);
  pencil.addEventListener("click", () => rename(take, button));
  const drop = make("button", { type: "button", className: "drop", title: "Discard", textContent: "✕" });
  drop.setAttribute("aria-label", `Discard: ${nameOf(take)}`);
  drop.addEventListener("click", () => discard(take));
  const data = { take: take.id, depth: Math.min(depth, 4), model: take.recipe.checkpoint, opinion: `take:${take.id}` };
  const item = make("li", { data });
  item.append(button, ...opinionsOf(take), keepButton(take), pencil, drop);
  return item;
}

function discard(take) {
  dropped = take;
  forgetTake(take);
  if (session.shown === take.id) {
    session.shown = null;
    document.dispatchEvent(new CustomEvent("motif:show", { detail: { value: null } }));
  }
  remember();
  paint();
}

function growingCard(picture) {
  const canvas = make("canvas");
  drawSmall(canvas, picture);
  return make("li", { className: "growing" }, canvas, make("span", { textContent: "Writing …" }));
}

// The second take of a press and those after it grow among the cards; the first has the roll.
function paintGrowing() {
  for (const card of cards.querySelectorAll(".growing")) card.remove();
  cards.prepend(...(props.value?.growing ?? []).map(growingCard));
  element.querySelector(".session").hidden = !cards.children.length;
}

function paintCards() {
  const active = document.activeElement, held = cards.contains(active) ? active.closest("[data-take]")?.dataset.take : null;
  cards.replaceChildren(...inOrder().map(card));
  paintGrowing();
  if (held) cards.querySelector(`[data-take="${held}"] .${active.className}`)?.focus();  // not lost to who uses the keys
  element.querySelector(".undo").hidden = !dropped;
  element.dataset.takes = session.takes.length;
  element.dataset.shown = session.shown || "";
}

element.querySelector(".undo").addEventListener("click", () => {
  touch(dropped);
  session.takes.push(dropped);
  dropped = null;
  remember();
  paint();
});

const question = element.querySelector(".ask");
element.querySelector(".clear").addEventListener("click", () => { question.returnValue = ""; question.showModal(); });
question.addEventListener("close", () => {
  if (!question.returnValue) return;
  for (const take of [...session.takes]) if (question.returnValue === "all" || !take.kept) forgetTake(take);
  dropped = null;
  if (!shownTake()) {
    session.shown = null;
    document.dispatchEvent(new CustomEvent("motif:show", { detail: { value: null } }));
  }
  remember();
  paint();
});
