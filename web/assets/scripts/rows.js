// Tables inside a form: rows are added, removed, and pasted from Excel as a block of cells.
import { dayOf } from "./days.js";

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
      const table = remover.closest("table");
      remover.closest("tr").remove();
      if (!table.tBodies[0].rows.length) addRow(form, table.dataset.rows);
      number(table);
      tell(form, table.dataset.rows);
    }
  });
  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("table[data-rows] td");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    paste(form, cell, block(text));
    tell(form, cell.closest("table").dataset.rows);
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

export function addRow(form, path) {
  const table = form.querySelector(`table[data-rows="${CSS.escape(path)}"]`);
  const template = form.querySelector(`template[data-row-of="${CSS.escape(path)}"]`);
  const row = template.content.firstElementChild.cloneNode(true);
  table.tBodies[0].append(row);
  number(table);
  return row;
}

// Paths carry the number of their row: "indicators/0/actual".
function number(table) {
  const path = table.dataset.rows;
  [...table.tBodies[0].rows].forEach((row, index) => {
    for (const input of row.querySelectorAll("[name]")) {
      const column = input.name.slice(input.name.lastIndexOf("/") + 1);
      input.name = `${path}/${index}/${column}`;
      if (input.id) input.id = `field-${path.replaceAll("/", "-")}-${index}-${column}`;
    }
    for (const shown of row.querySelectorAll("[data-given]")) {
      const column = shown.dataset.given.slice(shown.dataset.given.lastIndexOf("/") + 1);
      shown.dataset.given = `${path}/${index}/${column}`;
    }
  });
}

// Cells of a copied block: rows end with CRLF, a cell with line breaks stands in quotes.
export function block(text) {
  const rows = [[]];
  let cell = "", quoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (quoted) {
      if (sign === '"' && text[i + 1] === '"') cell += text[++i];
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") rows.at(-1).push(cell), (cell = "");
    else if (sign === "\n") rows.at(-1).push(cell), (cell = ""), rows.push([]);
    else if (sign !== "\r") cell += sign;
  }
  rows.at(-1).push(cell);
  return rows.filter((row) => row.some((each) => each.trim() !== ""));
}

function paste(form, cell, cells) {
  const table = cell.closest("table");
  const body = table.tBodies[0];
  const top = cell.closest("tr").rowIndex - table.tHead.rows.length;
  const left = cell.cellIndex;
  const mayAdd = form.querySelector(`template[data-row-of="${CSS.escape(table.dataset.rows)}"]`);
  cells.forEach((values, down) => {
    const row = body.rows[top + down] ?? (mayAdd ? addRow(form, table.dataset.rows) : undefined);
    if (!row) return;
    values.forEach((value, right) => fill(row.cells[left + right], value.trim()));
  });
}

// A value that a list does not offer stays to be seen, marked as a fault; it is never dropped.
function fill(cell, value) {
  const input = cell?.querySelector("input, select, textarea");
  if (!input || input.type === "hidden") return;
  if (input.type === "date") return fillDay(input, value);
  if (input.tagName !== "SELECT") {
    input.value = value;
    return;
  }
  const fits = [...input.options].find((option) => option.text.trim() === value || option.value === value);
  if (fits) {
    input.value = fits.value;
    input.removeAttribute("aria-invalid");
  } else {
    const stranger = new Option(value, value, false, true);
    input.add(stranger);
    input.setAttribute("aria-invalid", "true");
  }
}

// A field for days takes no other text: what is none is kept in a field for text, to be mended.
function fillDay(input, value) {
  const day = value === "" ? "" : dayOf(value);
  if (day === null) {
    input.type = "text";
    input.setAttribute("aria-invalid", "true");
  }
  input.value = day ?? value;
}
