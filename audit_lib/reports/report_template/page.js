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

  document.querySelectorAll("figure.audit-figure").forEach(function (element) {
    const figure = JSON.parse(element.querySelector("script").textContent);
    figure.canvas = element.querySelector(".audit-canvas");
    const layout = Object.assign({}, figure.layout, { annotations: annotations(figure) });
    window.Plotly.newPlot(figure.canvas, figure.data, layout, options);
    figures.push(figure);
  });

  function fit() {
    figures.forEach(function (figure) {
      window.Plotly.Plots.resize(figure.canvas);
      window.Plotly.relayout(figure.canvas, { annotations: annotations(figure) });
    });
  }
  let waiting = 0;
  window.addEventListener("resize", function () {
    clearTimeout(waiting);
    waiting = setTimeout(fit, 150);
  });
  window.addEventListener("beforeprint", fit);
  window.addEventListener("afterprint", fit);

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
