// Which rows of each table the server will see: those with something in them, by their place on the page.
// {"indicators": [0, 2]}: its second row is the third one here.
export function rowPlaces(form) {
  const places = {};
  for (const table of form.querySelectorAll("table[data-rows]")) {
    places[table.dataset.rows] = [...table.tBodies[0].rows].flatMap((row, place) => (isFilled(row) ? [place] : []));
  }
  return places;
}

function isFilled(row) {
  return [...row.querySelectorAll("[name]:not([type=file])")].some((input) =>
    input.type === "checkbox" || input.type === "radio" ? input.checked : input.value.trim() !== "",
  );
}
