// An element with its properties, its data and what it holds.
function make(tag, settings = {}, ...children) {
  const { data, ...plain } = settings, made = Object.assign(document.createElement(tag), plain);
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}
