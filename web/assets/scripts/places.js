// Elements of a form by the value of an attribute, gathered once: a thousand rows are not searched a thousand times.
// Of several with the same value (the buttons of a choice) the first counts.
export function gathered(form, attribute) {
  const found = new Map();
  for (const element of form.querySelectorAll(`[${attribute}]`)) {
    const value = element.getAttribute(attribute);
    if (!found.has(value)) found.set(value, element);
  }
  return found;
}
