// Draws the charts of a board from the tables beneath them: the table is the truth, the chart its picture. Decals, symbols
// and written numbers tell what colour tells; a bar, a point or a field leads where the number in the table leads.
import { init } from "../vendor/echarts/echarts.js";

const thai = (text) => String(text).replace(/[0-9]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙"[digit]);
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function read(table) {
  const rows = [...table.tBodies[0].rows];
  return {
    series: [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim()),
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    values: rows.map((row) => [...row.cells].slice(1).map((cell) => Number(cell.dataset.value ?? 0))),
    said: rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim())),
    links: rows.map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("a")?.href ?? "")),
  };
}

const look = () => ({
  animation: false,
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14, color: token("ink-2") },
  color: [token("act"), token("amber"), token("green")],
  aria: { enabled: false },
});
const words = (extra = {}) => ({ color: token("ink-2"), fontSize: 14, ...extra });
const numbers = { minInterval: 1 };
const lines = () => ({ splitLine: { lineStyle: { color: token("line") } } });
const legend = () => ({ top: 0, left: 0, textStyle: words(), itemGap: 18 });

// Bars that lie: one row for each label, the first column of the table above the others.
function bars(data, columns, named) {
  const category = { type: "category", data: data.labels, inverse: true, axisTick: { show: false }, axisLabel: words() };
  return {
    ...look(),
    aria: { enabled: true, decal: { show: columns.length > 1 } },
    grid: { left: 4, right: 72, top: columns.length > 1 ? 34 : 8, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    ...(columns.length > 1 ? { legend: legend() } : {}),
    xAxis: { type: "value", ...numbers, ...lines(), axisLabel: words({ formatter: thai, hideOverlap: true }) },
    yAxis: category,
    series: columns.map(({ name, at, colour }, index) => ({
      name,
      type: "bar",
      stack: "all",
      barMaxWidth: 18,
      itemStyle: { color: token(colour) },
      data: data.values.map((row) => at(row)),
      label: {
        show: index === columns.length - 1,
        position: "right",
        color: token("ink"),
        formatter: ({ dataIndex }) => named(dataIndex),
      },
    })),
  };
}

// The stack is what waits in time and what is late; a bar leads to the column of its own.
const waiting = (data) => ({
  ...bars(
    data,
    [
      { name: "ยังไม่เกินกำหนด", at: (row) => row[0] - row[1], colour: "act" },
      { name: "เกินกำหนด", at: (row) => row[1], colour: "red" },
    ],
    (row) => (data.values[row][0] ? thai(data.values[row][0]) : ""),
  ),
  leads: ({ dataIndex, seriesIndex }) => data.links[dataIndex][seriesIndex],
});

// Every column but the last is a part of the bar; the last is their sum.
const ways = (data) => ({
  ...bars(
    data,
    data.series.slice(0, -1).map((name, index) => ({ name, at: (row) => row[index], colour: ["act", "green", "amber"][index % 3] })),
    (row) => (data.values[row].at(-1) ? thai(data.values[row].at(-1).toLocaleString("en")) : ""),
  ),
  leads: () => "",
});

const draw = {
  waiting,
  ways,
  tasks: waiting,
  steps: (data) => ({
    ...bars(data, [{ name: "มัธยฐาน", at: (row) => row[0], colour: "act" }], (row) => data.said[row][0].replace("–", "")),
    leads: ({ dataIndex }) => data.links[dataIndex][0],
  }),
  trend: (data, width) => ({
    ...look(),
    grid: { left: 4, right: 16, top: width < 500 ? 64 : 40, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { ...legend(), itemWidth: 36 },
    xAxis: { type: "category", data: data.labels, axisLabel: words({ hideOverlap: true }) },
    yAxis: { type: "value", ...numbers, ...lines(), axisLabel: words({ formatter: thai }) },
    series: data.series.map((name, index) => ({
      name,
      type: "line",
      symbol: ["circle", "rect", "triangle"][index % 3],
      symbolSize: 9,
      lineStyle: { type: ["solid", "dashed", "dotted"][index % 3], width: 2 },
      data: data.values.map((row) => row[index]),
    })),
    leads: ({ dataIndex, seriesIndex }) => data.links[dataIndex][seriesIndex],
  }),
  heat: (data, width) => {
    const most = Math.max(1, ...data.values.flat());
    const cells = data.values.flatMap((row, y) => row.map((value, x) => [x, y, value]));
    const deep = (value) => value > most * 0.55;
    return {
      ...look(),
      grid: { left: 4, right: 8, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: { type: "category", data: data.series, axisTick: { show: false }, axisLabel: words({ interval: width < 500 ? "auto" : 0, hideOverlap: true }) },
      yAxis: { type: "category", data: data.labels, inverse: true, axisTick: { show: false }, axisLabel: words() },
      visualMap: { show: false, min: 0, max: most, inRange: { color: [token("surface"), token("act-line"), token("act")] } },
      series: [
        {
          type: "heatmap",
          itemStyle: { borderColor: token("line"), borderWidth: 1 },
          label: { show: true, fontSize: width < 500 ? 12 : 14, formatter: ({ value }) => (value[2] ? thai(value[2]) : "") },
          data: cells.map((value) => ({ value, label: { color: token(deep(value[2]) ? "on-act" : "ink") } })),
        },
      ],
      leads: ({ value }) => data.links[value[1]][value[0]],
    };
  },
};

function show(place) {
  const data = read(document.getElementById(place.dataset.table));
  const kind = place.dataset.chart.split("-")[0];
  place.hidden = false;
  place.setAttribute("role", "img");
  place.classList.add(`board__chart--${kind}`);
  const chart = init(place, null, { renderer: "canvas" });
  let leads = () => "";
  const paint = () => {
    const { leads: to, ...option } = draw[kind](data, place.clientWidth);
    leads = to;
    chart.setOption(option, true);
    place.setAttribute("aria-label", place.dataset.words);
  };
  chart.on("click", (event) => {
    const address = leads(event);
    if (address) location.assign(address);
  });
  paint();
  new ResizeObserver(() => {
    chart.resize();
    paint();
  }).observe(place);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-contrast", "data-size"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

document.fonts.ready.then(() => {
  document.querySelectorAll("[data-chart]").forEach(show);
  document.documentElement.dataset.drawn = "yes";
});
