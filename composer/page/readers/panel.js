// The seed's hearing, asked for when it is unfolded and again when the seed has changed; and tunes to a taste.

const hearing = element.querySelector(".hearing"), ofSeed = element.querySelector(".of-seed");

function look() {
  ofSeed.setAttribute("aria-busy", "true");
  trigger("look", {});
}

function arrive() {
  const heard = props.value?.heard;
  if (!heard) {
    hush();
    if (hearing.open) look(); else ofSeed.replaceChildren();
    return;
  }
  ofSeed.removeAttribute("aria-busy");
  ofSeed.replaceChildren(...hearingView(heard));
}
hearing.addEventListener("toggle", () => { if (hearing.open && !props.value?.heard) look(); });
watch("value", arrive);

const suggestButton = element.querySelector(".suggest"), forgetButton = element.querySelector(".forget");
const suggested = element.querySelector(".suggested");

function paintCount() {
  const [likes, dislikes] = motif.taste.count(), any = Boolean(likes + dislikes);
  element.querySelector(".count").textContent = any
    ? `Remembered in this browser alone: ${likes} liked, ${dislikes} not.`
    : "Say of takes and tunes that you like them (♥) or not; that stays in this browser, and puts takes and tunes in order.";
  suggestButton.disabled = forgetButton.disabled = !any;
  if (!any) suggested.replaceChildren();
}

suggestButton.addEventListener("click", async () => {
  suggestButton.setAttribute("aria-busy", "true");
  const answer = await ask("suggest", { taste: motif.taste.rows() });
  suggestButton.removeAttribute("aria-busy");
  hush();
  if (answer) suggested.replaceChildren(tunesView("Tunes to your taste", answer.tunes));
});
forgetButton.addEventListener("click", () => motif.taste.forget());
document.addEventListener("motif:taste", paintCount);
paintCount();
