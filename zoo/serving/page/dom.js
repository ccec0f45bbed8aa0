// Building the document. Text only ever enters as text nodes, so nothing typed becomes markup.

/**
 * A new element. `options` are attributes, but `class`, `on` (listeners by event) and `data`
 * (dataset); children are nodes or strings, null ones are left out.
 */
export function element(name, options = {}, ...children) {
  const { class: classes, on = {}, data = {}, ...attributes } = options;
  const node = document.createElement(name);
  if (classes) node.className = classes;
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  Object.assign(node.dataset, data);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(attribute, "");
    else if (value !== false && value !== null) node.setAttribute(attribute, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Offsets of the API count code points; a JavaScript string counts UTF-16 units. */
export function characters(text) {
  return Array.from(text);
}

/** A rows-and-columns table; the first cell of each row names the row. */
export function table(caption, head, rows) {
  return element(
    "table",
    {},
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...head.map((cell) => element("th", { scope: "col" }, cell)))),
    element(
      "tbody",
      {},
      ...rows.map(([name, ...cells]) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, name),
          ...cells.map((cell) => element("td", {}, cell)),
        ),
      ),
    ),
  );
}
