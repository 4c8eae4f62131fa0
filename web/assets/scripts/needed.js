// What must be filled in by what else stands in the form: a field has its mark, a cell of a record its star.
export function markCell(cell, needed) {
  if (!cell || !("label" in cell.dataset)) return;
  const label = cell.dataset.label.replace(/ \*$/, "");
  cell.dataset.label = needed ? label + " *" : label;
  const input = cell.querySelector("[name]:not([type=hidden])");
  if (needed) input?.setAttribute("aria-required", "true");
  else input?.removeAttribute("aria-required");
}
