// Runs before the first paint: puts the person's own choices (theme, size, contrast) on the page. A plain script, not a
// module, because modules run after the page is drawn.
(() => {
  const root = document.documentElement;
  root.classList.add("has-script");
  const read = (name) => {
    try { return localStorage.getItem(`saraban.${name}`) || ""; } catch { return ""; }
  };
  const theme = read("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (read("size") === "on") root.dataset.size = "large";
  if (read("contrast") === "on") root.dataset.contrast = "more";
})();
