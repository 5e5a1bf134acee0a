(function () {
  "use strict";
  // Filters: hidden without scripts, because the tables are whole without them.
  document.querySelectorAll("[data-filters]").forEach(function (input) {
    var rows = document.querySelectorAll("#" + input.dataset.filters + " tbody tr");
    var told = input.parentElement.querySelector("output");
    input.parentElement.hidden = false;
    input.addEventListener("input", function () {
      var wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var left = 0;
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        var shows = wanted.every(function (word) { return text.indexOf(word) !== -1; });
        row.hidden = !shows;
        left += shows ? 1 : 0;
      });
      told.textContent = wanted.length ? left + " of " + rows.length : "";
    });
  });
  // A link to something folded away unfolds it; paper shows everything.
  function unfold() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
      if (node.hidden) { node.hidden = false; }
    }
    if (target) { target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details:not(.quiet)").forEach(function (fold) { fold.open = true; });
    document.querySelectorAll("tbody tr").forEach(function (row) { row.hidden = false; });
  });
})();
