// Notation, engraved when it is opened. The picture is shown as an image, so that nothing in it can run.

const sheetDetails = element.querySelector(".notation"), sheet = element.querySelector(".sheet");
let engraved = null;  // the take whose notation is there

async function paintSheet() {
  const take = shownTake();
  if (!sheetDetails.open || !take || engraved === take.id) return;
  engraved = take.id;
  sheet.setAttribute("aria-busy", "true");
  const answer = await ask("notation", { take: bare(take), mix: take.mix, width: Math.round(sheet.clientWidth) || 800 });
  sheet.removeAttribute("aria-busy");
  if (!answer || engraved !== take.id) { engraved = null; return; }
  const picture = make("img", { src: URL.createObjectURL(new Blob([answer.svg], { type: "image/svg+xml" })) });
  picture.alt = `Notation of take ${take.recipe.request.seed}`;
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  sheet.replaceChildren(picture);
}
sheetDetails.addEventListener("toggle", paintSheet);
