/** Makes an element of a tag, its properties and its children. Text stays text, whatever it holds. */
export function element(tag, properties = {}, ...children) {
  const { dataset, ...others } = properties;
  const made = Object.assign(document.createElement(tag), others);
  Object.assign(made.dataset, dataset);
  made.append(...children);
  return made;
}

export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return found;
}

const formats = new Map();

export function money(cents, currency) {
  const format = formats.get(currency) ?? new Intl.NumberFormat(undefined, { style: "currency", currency });
  formats.set(currency, format);
  return format.format(cents / 100);
}

const svg = "http://www.w3.org/2000/svg";

/** The drawing of a product, from the sheet of all drawings. */
export function emblem(name) {
  const drawing = document.createElementNS(svg, "svg");
  const use = document.createElementNS(svg, "use");
  use.setAttribute("href", `/emblems.svg#${name}`);
  drawing.setAttribute("class", "drawing");
  drawing.append(use);
  return drawing;
}
