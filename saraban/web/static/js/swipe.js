// On a touch screen the next letter of a pile is a stroke away: to the left for the next, to the right for the one before,
// as the links [data-swipe="next"] and [data-swipe="before"] say. What scrolls sideways keeps its own strokes.
const LEAST_PX = 70;
const MOST_ACROSS_PX = 45;
const LONGEST_MS = 700;
let from = null;

const scrolls = (element) => {
  for (let one = element; one && one !== document.body; one = one.parentElement) {
    if (one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX)) return true;
  }
  return false;
};

document.addEventListener("touchstart", (event) => {
  const touch = event.touches[0];
  const aside = event.touches.length > 1 || event.target.closest("dialog, input, textarea, select, [contenteditable=true]") || scrolls(event.target);
  from = aside || !document.querySelector("[data-swipe]") ? null : { x: touch.clientX, y: touch.clientY, at: event.timeStamp };
}, { passive: true });

document.addEventListener("touchend", (event) => {
  if (!from) return;
  const touch = event.changedTouches[0];
  const [across, down] = [touch.clientX - from.x, Math.abs(touch.clientY - from.y)];
  const quick = event.timeStamp - from.at < LONGEST_MS;
  from = null;
  if (!quick || down > MOST_ACROSS_PX || Math.abs(across) < LEAST_PX || String(getSelection())) return;
  document.querySelector(`[data-swipe="${across < 0 ? "next" : "before"}"]`)?.click();
}, { passive: true });
