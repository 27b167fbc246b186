// Draws the pictures of the installed client into public/icons, without a library:
// `node icons.mjs`, after a change of the drawing.
import { mkdirSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const blue = [0, 89, 179], white = [255, 255, 255], green = [0, 98, 59];

/** Distance from a point to a line between two points. */
function toLine(x, y, [ax, ay], [bx, by]) {
  const t = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)));
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}

/** Distance to a box with round corners; negative inside. */
function toBox(x, y, left, top, right, bottom, round) {
  const dx = Math.abs(x - (left + right) / 2) - (right - left) / 2 + round;
  const dy = Math.abs(y - (top + bottom) / 2) - (bottom - top) / 2 + round;
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - round;
}

/** The colour at a point of a square of 32: an envelope with a tick on it. */
function envelope(x, y) {
  const stroke = (width, ...points) => points.slice(1).some((p, i) => toLine(x, y, points[i], p) < width / 2);
  const disc = Math.hypot(x - 23.5, y - 21.5);
  if (disc < 4.5) {
    return stroke(1.4, [21.2, 21.6], [22.9, 23.3], [25.9, 19.7]) ? white : green;
  }
  if (disc < 5.5 || toBox(x, y, 6, 9, 26, 23, 1.6) > 0) {
    return blue;
  }
  return stroke(1.5, [6.5, 10.2], [16, 17.2], [25.5, 10.2]) ? blue : white;
}

/** The whole square, as a mask of the system will cut it; or a tile of its own, or a shape of one colour. */
const kinds = {
  maskable: (x, y) => envelope((x - 16) / 0.86 + 16, (y - 16) / 0.86 + 16),
  any: (x, y) => (toBox(x, y, 1, 1, 31, 31, 6) > 0 ? null : envelope(x, y)),
  badge: (x, y) => {
    const [bx, by] = [(x - 16) * 0.7 + 16, (y - 16) * 0.7 + 16];
    return toBox(bx, by, 6, 9, 26, 23, 1.6) > 0 || envelope(bx, by) === blue ? null : white;
  },
};

const fine = 4; // samples a side, for smooth edges

function png(size, colourAt) {
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const sum = [0, 0, 0, 0];
      for (let i = 0; i < fine * fine; i++) {
        const c = colourAt(((column + ((i % fine) + 0.5) / fine) * 32) / size, ((row + (Math.floor(i / fine) + 0.5) / fine) * 32) / size);
        c?.forEach((v, k) => (sum[k] += v));
        sum[3] += c ? 1 : 0;
      }
      const at = row * (1 + size * 4) + 1 + column * 4;
      for (let k = 0; k < 3; k++) {
        rows[at + k] = sum[3] ? Math.round(sum[k] / sum[3]) : 0;
      }
      rows[at + 3] = Math.round((255 * sum[3]) / (fine * fine));
    }
  }
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6], 8); // 8 bits each of red, green, blue and opacity
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0)),
  ]);
}

mkdirSync('public/icons', { recursive: true });
for (const [kind, size] of [['any', 192], ['any', 512], ['maskable', 192], ['maskable', 512], ['badge', 96]]) {
  writeFileSync(`public/icons/${kind}-${size}.png`, png(size, kinds[kind]));
}
writeFileSync('public/icons/apple-180.png', png(180, kinds.maskable));
