// Tables inside a form: rows are added and removed.
export function watchRows(form) {
  widenCells(form);
  form.addEventListener("change", () => widenCells(form));
  form.addEventListener("rows-changed", () => widenCells(form));
  form.addEventListener("click", (event) => {
    const adder = event.target.closest("[data-add-row]");
    if (adder) {
      const row = addRow(form, adder.dataset.addRow);
      row.querySelector("input, select, textarea")?.focus();
      tell(form, adder.dataset.addRow);
    }
    const remover = event.target.closest("[data-remove-row]");
    if (remover) {
      const path = remover.closest("table").dataset.rows;
      removeRows(form, path, [remover.closest("tr")]);
      tell(form, path);
    }
  });
}

// A cell of a record is as wide as its words need, up to a half: nobody scrolls within a line. Never while somebody types.
export function widenCells(form) {
  for (const size of ["wordy", "long"]) {
    const cut = [...form.querySelectorAll(".records td > input[type=text]")].filter((input) => input.scrollWidth > input.clientWidth);
    cut.forEach((input) => input.parentElement.classList.add(size));
  }
}

export const tell = (form, path) => form.dispatchEvent(new CustomEvent("rows-changed", { detail: path }));

const tableOf = (form, path) => form.querySelector(`table[data-rows="${CSS.escape(path)}"]`);

export const addRow = (form, path) => addRows(form, path, 1)[0];

// Only the new rows are numbered: a thousand of them take a thousand steps.
export function addRows(form, path, count) {
  if (count === 0) return [];
  const body = tableOf(form, path).tBodies[0];
  const empty = form.querySelector(`template[data-row-of="${CSS.escape(path)}"]`).content.firstElementChild;
  const first = body.rows.length;
  const added = Array.from({ length: count }, () => empty.cloneNode(true));
  added.forEach((row, index) => number(row, path, first + index));
  body.append(...added);
  return added;
}

export function removeRows(form, path, rows) {
  if (!rows.length) return;
  const body = tableOf(form, path).tBodies[0];
  rows.forEach((row) => row.remove());
  if (!body.rows.length) addRow(form, path);
  [...body.rows].forEach((row, index) => number(row, path, index));
}

// Paths carry the number of their row: "indicators/0/actual".
function number(row, path, index) {
  for (const input of row.querySelectorAll("[name]")) {
    const column = input.name.slice(input.name.lastIndexOf("/") + 1);
    input.name = `${path}/${index}/${column}`;
    if (input.id) input.id = `field-${path.replaceAll("/", "-")}-${index}-${column}`;
  }
  for (const shown of row.querySelectorAll("[data-given]")) {
    const column = shown.dataset.given.slice(shown.dataset.given.lastIndexOf("/") + 1);
    shown.dataset.given = `${path}/${index}/${column}`;
  }
}
