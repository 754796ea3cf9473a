// What a look at a report tells; every function returns what is wrong, or what it counted.
const canvases = () => [...document.querySelectorAll(".audit-canvas")];
const captionOf = (canvas) => canvas.closest("figure").querySelector("figcaption").firstChild.textContent;

function allDrawn() {
  return document.readyState === "complete" && canvases().every((canvas) => canvas.querySelector("svg .cartesianlayer path"));
}

function emptyFigures() {
  const marks = ".barlayer path, .waterfalllayer path, .scatterlayer path";
  return canvases().filter((canvas) => ![...canvas.querySelectorAll(marks)]
    .some((mark) => mark.getBoundingClientRect().width > 1)).map(captionOf);
}

function overlappingLabels() {
  const found = [];
  canvases().forEach((canvas) => {
    const frame = canvas.getBoundingClientRect();
    const boxes = [...canvas.querySelectorAll("svg text")].filter((text) => text.textContent.trim())
      .map((text) => [text.textContent, text.getBoundingClientRect()]).filter((pair) => pair[1].width);
    boxes.forEach(([one, a], index) => {
      boxes.slice(index + 1).forEach(([other, b]) => {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 3) { found.push(one + " / " + other); }
      });
      if (a.right > frame.right + 1 || a.left < frame.left - 1 || a.top < frame.top - 1) { found.push("cut off: " + one); }
    });
  });
  return found;
}

// Bars that go beyond the axis they are drawn on look shorter than they are.
function valuesOutside() {
  const found = [];
  canvases().forEach((canvas) => canvas._fullData.filter((trace) => trace.type === "bar").forEach((trace) => {
    const isAcross = trace.orientation === "h";
    const axis = canvas._fullLayout[(isAcross ? trace.xaxis : trace.yaxis).replace(/^([xy])/, "$1axis")];
    if (axis.type !== "linear" || !trace.visible) { return; }
    const base = trace.base || 0;
    [...(isAcross ? trace.x : trace.y)].forEach((value, index) => {
      const end = Number(value || 0) + Number(Array.isArray(base) ? base[index] || 0 : base);
      if (end > axis.range[1] * 1.001) { found.push(captionOf(canvas) + ": " + end + " on an axis to " + axis.range[1]); }
    });
  }));
  return found;
}

function sidewaysOverflow() {
  return Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

function pagersOverTheEdge() {
  return [...document.querySelectorAll(".audit-scroll .dt-paging-button")].filter((button) => {
    const edge = button.closest(".audit-scroll").getBoundingClientRect().right;
    return button.getBoundingClientRect().right > edge - 4;
  }).length;
}

// A bar to scroll where nothing is to be seen beyond it.
function barsForNothing() {
  return [...document.querySelectorAll(".audit-scroll, .audit-scroll *")].filter((box) => {
    const beyond = box.scrollWidth - box.clientWidth;
    return ["auto", "scroll"].includes(getComputedStyle(box).overflowX) && beyond === 1;
  }).map((box) => box.closest(".audit-scroll").getAttribute("aria-label"));
}

function tables() { return [...document.querySelectorAll(".audit-table table.dataTable")]; }
function rowsOf(table) { return [...table.tBodies[0].rows]; }
function keysOf(table, column) {
  const keys = rowsOf(table).map((row) => row.cells[column]).map((cell) => cell && (cell.dataset.order || cell.textContent.trim()));
  return keys.every((key) => key && !isNaN(key)) ? keys.map(Number) : null;
}

// Tables draw anew a moment after a click or a letter: of each item, wait until the check holds; return where it never does.
async function neverTrue(items, check) {
  for (let tries = 0; tries < 40 && !items.every(check); tries += 1) {
    await new Promise((done) => { setTimeout(done, 50); });
  }
  return items.filter((item) => !check(item)).map(([table]) => table.getAttribute("aria-label"));
}

// Of each table the first column of numbers that differ: a click puts the least first, another the most.
async function tablesThatDoNotSort() {
  const sorted = tables().map((table) => {
    const places = [...table.tHead.rows[0].cells].map((_, place) => place);
    return [table, places.find((place) => new Set(keysOf(table, place) || []).size > 1)];
  }).filter((pair) => pair[1] !== undefined);
  const wrong = [];
  for (const direction of [1, -1]) {
    sorted.forEach(([table, column]) => table.tHead.rows[0].cells[column].querySelector(".dt-column-header").click());
    wrong.push(...await neverTrue(sorted, ([table, column]) => (keysOf(table, column) || [])
      .every((key, place, keys) => !place || (key - keys[place - 1]) * direction >= 0)));
  }
  return wrong;
}

// Whoever has two rows can sort them, and whoever has six can look for one.
function tablesWithoutSortOrSearch() {
  return [...document.querySelectorAll(".audit-table table")].filter((table) => {
    const rows = rowsOf(table).length;
    const search = (table.closest(".dt-container") || document.createElement("p")).querySelector(".dt-search input");
    return (rows > 1 && !table.classList.contains("dataTable")) || (rows > 5) !== Boolean(search);
  }).map((table) => table.getAttribute("aria-label"));
}

// Every table that can be searched keeps the rows that hold the word, and shows none where no row does.
async function tablesThatDoNotFilter() {
  const searched = tables().map((table) => [table, table.closest(".dt-container").querySelector(".dt-search input")])
    .filter((pair) => pair[1]);
  const words = new Map(searched.map(([table]) => [table, rowsOf(table)[0].cells[0].textContent.trim()]));
  const type = (text) => searched.forEach(([table, search]) => {
    search.value = text === null ? words.get(table) : text;
    search.dispatchEvent(new Event("input", { bubbles: true }));
  });
  type(null);
  const wrong = await neverTrue(searched, ([table]) => rowsOf(table).every((row) => row.textContent.includes(words.get(table))));
  type("no such word anywhere");
  wrong.push(...await neverTrue(searched, ([table]) => rowsOf(table).every((row) => row.cells.length === 1)));
  type("");
  return wrong;
}

function openDetails() { return document.querySelectorAll("details.page-code[open], details.audit-source[open]").length; }
function rowsShown() { return tables().reduce((sum, table) => sum + rowsOf(table).length, 0); }
function rowsInAll() {
  return tables().reduce((sum, table) => {
    const said = table.closest(".dt-container").querySelector(".dt-info");
    return sum + (said ? Number(said.textContent.match(/of ([\d,]+)/)[1].replace(/,/g, "")) : rowsOf(table).length);
  }, 0);
}
function figuresWiderThanTheirPlace() {
  return canvases().filter((canvas) => canvas.querySelector("svg").getBoundingClientRect().width > canvas.clientWidth + 1).length;
}
