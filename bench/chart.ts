/** A bar: how many times a reference something takes, and how many it should at most. */
export interface Bar {
  label: string;
  ratio: number;
  goal?: number;
}

export interface Group {
  title: string;
  bars: readonly Bar[];
}

const width = 720;
const left = 230;
const right = 60;
const rowHeight = 22;
const titleHeight = 30;

/**
 * Draws groups of bars as an SVG: each from zero, with its goal as a line, on one scale for all.
 *
 * @param title what is read out instead of the picture
 */
export function drawChart(title: string, groups: readonly Group[]): string {
  const most = Math.max(
    ...groups.flatMap(({ bars }) => bars.flatMap(({ ratio, goal = 0 }) => [ratio, goal])),
  );
  const scale = (width - left - right) / most;
  const parts: string[] = [];
  let y = 10;
  for (const { title, bars } of groups) {
    parts.push(text(10, y + 18, title, 'title'));
    y += titleHeight;
    for (const { label, ratio, goal } of bars) {
      const length = ratio * scale;
      parts.push(text(left - 8, y + 14, label, 'label'));
      parts.push(`<rect x="${left}" y="${y + 3}" width="${length.toFixed(1)}" height="14"/>`);
      parts.push(text(left + length + 6, y + 14, `${ratio.toFixed(2)} ×`));
      if (goal !== undefined) {
        const x = (left + goal * scale).toFixed(1);
        parts.push(`<line x1="${x}" x2="${x}" y1="${y}" y2="${y + 20}"/>`);
      }
      y += rowHeight;
    }
    y += 8;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 4}" width="${width}" height="${y + 4}">
<title>${escaped(title)}</title>
<style>
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .title { font-weight: 600 } .label { text-anchor: end }
  rect { fill: #2f81f7 } line { stroke: #d1242f; stroke-width: 2 }
</style>
${parts.join('\n')}
</svg>
`;
}

function text(x: number, y: number, content: string, kind = 'value'): string {
  return `<text x="${x.toFixed(1)}" y="${y}" class="${kind}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
