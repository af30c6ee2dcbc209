// The editor over `textarea[data-editor]`: fetched only where there is one. Without script the field stays what it is.
export function enhance(root) {
  const fields = [...root.querySelectorAll("textarea[data-editor]")];
  if (fields.length) import("./bodyeditor.js").then(({ edit }) => fields.forEach(edit));
}
