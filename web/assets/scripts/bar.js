// The bar at the bottom of a form is as high as its buttons need, on a telephone three lines: what scrolls a field into
// sight leaves that much room (styles/form.css).
export function watchBar(form) {
  const bar = form.querySelector(".actions"), page = document.documentElement;
  new ResizeObserver(() => page.style.setProperty("--bar-height", `${bar.offsetHeight}px`)).observe(bar);
}
