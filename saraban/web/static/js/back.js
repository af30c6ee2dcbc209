// A page that answers a sent form (a refusal beside its fields) takes the address of the page that the form stood on, so
// that going back to it later, or loading it again, asks for that page and not for the form to be sent again.
const { dataset } = document.documentElement;
if ("answersPost" in dataset) history.replaceState(history.state, "", dataset.back || location.href);
