// What takes are called: a letter in the order they were made, and what was done to which tune, until somebody renames it.

function letterOf(index) {
  const last = String.fromCharCode(65 + index % 26);
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}
const titleOf = take => take.name || `${props.tasks[take.recipe.request.task].title} · ${take.title}`;
const nameOf = take => `Take ${letterOf(take.index)}: ${titleOf(take)}`;

// A voice's name; one that has none is the melody where it is alone.
const partOf = ({ score: { voices } }, index) => voices[index].name || (voices.length === 1 ? "Melody" : `Track ${index + 1}`);

// Settings that only some tasks know, in a few words.
const OWN = {
  amount: amount => `how far ${amount}`,
  region: region => `bars ${String(region).split(":")[0].replace("-", "–")}`,
};

// What made it, in a few words: those settings that its task knows.
function settingsOf({ recipe: { request, checkpoint }, second, edited }) {
  const { task, temperature, rhythm_temperature: rhythm, seed } = request;
  const own = props.tasks[task].settings.filter(name => OWN[name]).map(name => OWN[name](request[name]));
  if (second) own.push(`into ${second.title}`);
  const daring = [`temperature ${temperature} / ${rhythm}`];
  if (edited) return `${checkpoint.toUpperCase()} · changed by hand`;
  return [checkpoint.toUpperCase(), ...own, ...daring, `number ${seed}`].join(" · ");
}

// The name, to be typed anew: Enter or leaving it takes it over, Escape leaves it as it was; nothing brings the first back.
function rename(take, place) {
  const field = make("input", { type: "text", className: "rename", value: titleOf(take), maxLength: 60 });
  field.setAttribute("aria-label", `New name: ${nameOf(take)}`);
  let done = false;
  const settle = keeps => {
    if (done) return;
    done = true;
    if (keeps && field.value.trim() !== titleOf(take)) {
      take.name = field.value.trim();
      touch(take);
      remember();
    }
    paintCards();
    cards.querySelector(`[data-take="${take.id}"] .name-it`)?.focus();
  };
  field.addEventListener("keydown", event => {
    event.stopPropagation();
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();  // the key would press the button that gets the focus back
    settle(event.key === "Enter");
  });
  field.addEventListener("blur", () => settle(true));
  place.replaceWith(field);
  field.focus();
  field.select();
}
