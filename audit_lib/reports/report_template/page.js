// Draws every figure of the page from the data beside it; nothing is fetched.
(function () {
  "use strict";
  const options = { responsive: true, displayModeBar: false };
  const figures = [];
  const ruler = document.createElement("canvas").getContext("2d");

  // A row's label stands above its bars and may be as long as the figure is wide, no longer.
  function fitted(label, width) {
    const text = new DOMParser().parseFromString(label.text, "text/html").body.textContent;
    ruler.font = "12px " + getComputedStyle(document.body).fontFamily;
    let end = text.length;
    while (end > 8 && ruler.measureText(text.slice(0, end) + "…").width > width) { end -= 1; }
    const short = end < text.length && ruler.measureText(text).width > width;
    const shown = document.createElement("span");
    shown.textContent = short ? text.slice(0, end).trimEnd() + "…" : text;
    return Object.assign({}, label, { text: shown.innerHTML });
  }

  function annotations(figure) {
    const width = figure.canvas.clientWidth - 26;
    return (figure.layout.annotations || []).map(function (label) { return fitted(label, width); });
  }

  // As many labels of an axis as stand beside each other, upright.
  function ticks(figure) {
    const changes = {};
    Object.keys(figure.layout).filter(function (name) { return /^xaxis\d*$/.test(name); }).forEach(function (name) {
      const most = figure.layout[name].nticks || 10;
      changes[name + ".nticks"] = Math.max(3, Math.min(most, Math.floor(figure.canvas.clientWidth / 48)));
      changes[name + ".tickangle"] = 0;
    });
    return changes;
  }

  document.querySelectorAll("figure.audit-figure").forEach(function (element) {
    const figure = JSON.parse(element.querySelector("script").textContent);
    figure.canvas = element.querySelector(".audit-canvas");
    const layout = Object.assign({}, figure.layout, { annotations: annotations(figure) });
    window.Plotly.newPlot(figure.canvas, figure.data, layout, options);
    window.Plotly.relayout(figure.canvas, ticks(figure));
    figures.push(figure);
  });

  function fit() {
    figures.forEach(function (figure) {
      window.Plotly.Plots.resize(figure.canvas);
      window.Plotly.relayout(figure.canvas, Object.assign(ticks(figure), { annotations: annotations(figure) }));
    });
  }
  let waiting = 0;
  window.addEventListener("resize", function () {
    clearTimeout(waiting);
    waiting = setTimeout(fit, 150);
  });
  window.addEventListener("beforeprint", fit);
  window.addEventListener("afterprint", fit);

  // Tables sort by any column; those of some length are searched, long ones paged. In print every row stands.
  const tables = [];
  document.querySelectorAll(".audit-table table").forEach(function (element) {
    const rows = element.tBodies[0].rows.length;
    if (rows < 2 || !window.AuditTable) { return; }
    const isSearched = rows > 5;  // fewer are seen at a glance
    const isLong = rows > 20;  // pages of twelve: fewer rows are not worth the buttons
    tables.push(new window.AuditTable(element, {
      order: [], autoWidth: false, paging: isLong, pageLength: isLong ? 12 : -1, lengthMenu: [12, 50, [-1]],
      searching: isSearched, info: isLong,
      layout: {
        topStart: isSearched ? "search" : null, topEnd: null,
        bottomStart: isLong ? "info" : null, bottomEnd: isLong ? ["pageLength", "paging"] : null,
      },
      language: { search: "", searchPlaceholder: "Search these rows", lengthMenu: "_MENU_ a page", lengthLabels: { "-1": "All" } },
    }));
  });
  const lengths = new Map();
  window.addEventListener("beforeprint", function () {
    tables.forEach(function (table) { lengths.set(table, table.page.len()); table.page.len(-1).draw(); });
  });
  window.addEventListener("afterprint", function () {
    tables.forEach(function (table) { table.page.len(lengths.get(table)).draw(); });
  });

  const contents = document.querySelector(".page-contents details");
  if (window.matchMedia("(max-width: 1099px)").matches) { contents.open = false; }

  const codes = document.querySelectorAll("details.page-code");
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "page-toggle";
  function label() { toggle.textContent = toggle.dataset.open ? "Hide all code" : "Show all code"; }
  toggle.addEventListener("click", function () {
    toggle.dataset.open = toggle.dataset.open ? "" : "yes";
    codes.forEach(function (code) { code.open = Boolean(toggle.dataset.open); });
    label();
  });
  label();
  document.querySelector(".page-contents details").append(toggle);
})();
