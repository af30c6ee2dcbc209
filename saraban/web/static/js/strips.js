// A strip of tabs or choices that is wider than a telephone begins where the chosen one is in sight.
for (const chosen of document.querySelectorAll(".tabs > [aria-current], .seg > [aria-current]")) {
  const strip = chosen.parentElement;
  if (strip.scrollWidth <= strip.clientWidth) continue;
  const [at, around] = [chosen.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += at.left - around.left - (around.width - at.width) / 2;
}
