/** A point, or a box if it has a width and a height. */
interface Place {
  x: number;
  y: number;
  width?: number;
  height?: number;
}

/** A line that leads from one box to another, which it names by their ids. */
interface Line {
  from: string;
  to: string;
  start: Place;
  end: Place;
  /** Its corners, its start and its end among them. */
  points: readonly Place[];
}

/** How far a line may end before its box: so that the tip of its arrow is seen. */
const gap = 3;

/** The boxes of a picture, by their ids. */
export function boxesOf(svg: string): Map<string, Required<Place>> {
  return new Map(
    [...svg.matchAll(/<rect id="(\w+)"[^>]* x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)].map(
      ([, id = '', ...numbers]) => {
        const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number);
        return [id, { x, y, width, height }];
      },
    ),
  );
}

/**
 * The lines of a picture, in its order.
 *
 * @throws Error for a line that does not name its ends, or that is not made of `M`, `H` and `V` with absolute numbers
 */
export function linesOf(svg: string): Line[] {
  return [...svg.matchAll(/<path class="line[^>]*>/g)].map(([path]) => {
    const [, from, to, steps] = /data-from="(\w+)" data-to="(\w+)" d="M([\dHV ]+)"/.exec(path) ?? [];
    if (from === undefined || to === undefined || steps === undefined)
      throw new Error(`Give this line data-from, data-to and a path of M, H and V: ${path}`);
    const [start = '', ...others] = steps.split(/(?=[HV])/);
    const [x = 0, y = 0] = start.split(' ').map(Number);
    const points = [{ x, y }];
    let end = { x, y };
    for (const step of others) {
      const value = Number(step.slice(1));
      end = step.startsWith('H') ? { ...end, x: value } : { ...end, y: value };
      points.push(end);
    }
    return { from, to, start: { x, y }, end, points };
  });
}

/** Whether a point is in a box, or so near to it that a line may end there; not if there is no box. */
export function touches(point: Place, box: Place | undefined): boolean {
  if (!box) return false;
  const { x, y, width = 0, height = 0 } = box;
  return (
    point.x >= x - gap && point.x <= x + width + gap && point.y >= y - gap && point.y <= y + height + gap
  );
}

/** Whether a point is on a line, or so near to it that another line may end there. */
export function isOn(point: Place, { points }: Line): boolean {
  return points.slice(1).some((end, index) => {
    const start = points[index] ?? end;
    const [x, y] = [Math.min(start.x, end.x), Math.min(start.y, end.y)];
    return touches(point, { x, y, width: Math.abs(start.x - end.x), height: Math.abs(start.y - end.y) });
  });
}
