// The bars that are to be filled in, while the `choosing` property names them: a bracket over them, and all else frozen.

let dragged = null;   // the bars dragged over, until the page has taken them over

// The bars shown as chosen: { first, last, voices }, counted from 1; null where there is nothing to choose.
function chosenBars() {
  const choice = dragged ? { ...props.choosing, ...dragged } : props.choosing;
  return choice && choice.last < roll().bars.length ? choice : null;
}

function barAt(event, most) {
  const tick = tickOf(event.clientX - scroller.getBoundingClientRect().left + scroller.scrollLeft);
  return Math.max(1, Math.min(roll().bars.filter(start => start <= tick).length, most));
}

// Tell the page which bars were dragged over.
function chooseBars() {
  if (props.choosing) props.choosing = { ...props.choosing, ...dragged };
  trigger("choose", dragged);
}

function showChoice() {
  element.dataset.choosing = props.choosing ? `${props.choosing.first}-${props.choosing.last}` : "";
  drawSoon();
}

frozen = note => {
  const choice = chosenBars(), bars = roll().bars;
  if (!choice) return false;
  if (choice.voices && !choice.voices.includes(note.voice)) return true;
  return note.onset < bars[choice.first - 1] || note.onset >= bars[choice.last];
};

under.push(value => {
  const choice = chosenBars();
  if (!choice) return;
  const x = xOf(value.bars[choice.first - 1]), width = xOf(value.bars[choice.last]) - x;
  pen.fillStyle = colour("roll-chosen");
  pen.fillRect(x, RULER, width, view.height);
  pen.fillStyle = colour("action");
  pen.fillRect(x, RULER - 4, width, 4);
  pen.fillRect(x - 1, RULER - 4, 3, view.height);
  pen.fillRect(x + width - 1, RULER - 4, 3, view.height);
});

watch("choosing", showChoice);
showChoice();
