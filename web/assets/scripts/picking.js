// Ticking what is signed together: on the list how many are ticked, and that they are of one step; on the page of the
// batch how many are sent. Without this script the server says the same.
let ticked = new Set();
const told = new WeakSet();

export function watchPicking(root) {
  // what needs a script shows only where one runs
  root.documentElement.dataset.scripted = "";
  root.addEventListener("change", (event) => event.target.matches("[data-step]") && tell(event.target.form));
  root.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (!pick) return;
    for (const box of boxes(pick.form)) box.checked = box.dataset.step === pick.dataset.pick;
    tell(pick.form);
  });
  // A list comes anew while somebody ticks: a search is sent once more when its field is left. What was ticked and is
  // still there stays ticked. Coming back may bring ticks along, too.
  const again = () => root.querySelectorAll("form[data-picking]").forEach((form) => {
    if (!told.has(form)) for (const box of boxes(form)) box.checked ||= ticked.has(box.value);
    tell(form);
  });
  new MutationObserver(again).observe(root.querySelector("main"), { childList: true, subtree: true });
  addEventListener("pageshow", again);
  again();
}

function boxes(form) {
  return [...form.querySelectorAll("[data-step]")];
}

function tell(form) {
  const bar = form.querySelector("[role=status]"), chosen = boxes(form).filter((box) => box.checked);
  const isMixed = new Set(chosen.map((box) => box.dataset.step)).size > 1, isBeyond = chosen.length > Number(bar.dataset.most);
  const words = (isMixed ? bar.dataset.mixed : isBeyond ? bar.dataset.beyond : bar.dataset.picked).replace("{count}", chosen.length);
  // what is said again is not read out again
  if (bar.textContent !== words) bar.textContent = words;
  bar.classList.toggle("wrong", isMixed || isBeyond);
  form.querySelector("[data-go]").disabled = !chosen.length || isMixed || isBeyond;
  ticked = new Set(chosen.map((box) => box.value));
  told.add(form);
}

export function watchBatch(form) {
  const ticks = [...form.querySelectorAll("[name=item]")], send = form.querySelector("[data-count]");
  if (!send) return;
  const tellCount = () => {
    const count = ticks.filter((box) => box.checked).length;
    send.textContent = send.dataset.count.replace("{count}", count);
    send.disabled = !count;
  };
  form.addEventListener("change", tellCount);
  form.addEventListener("click", (event) => {
    const tick = event.target.closest("[data-tick]");
    if (!tick) return;
    for (const box of ticks) box.checked = tick.dataset.tick === "all";
    ticks[0].dispatchEvent(new Event("change", { bubbles: true }));
  });
  addEventListener("pageshow", tellCount);
  tellCount();
}
