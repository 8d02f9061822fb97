import type { Place } from './places';
import type { VirtualLines } from './use-virtual-lines';

/** So many frames without a change, and the lines on the screen are measured. */
const quietFrames = 2;
const mostFrames = 12;

/**
 * Waits until the lines around the opening are measured, and puts the one that one comes back to where it was left, to the pixel.
 * The answer gives it up.
 */
export function standAt(virtualizer: VirtualLines, place: Place | null, done: () => void): () => void {
  let quiet = 0;
  let frames = 0;
  let height = -1;
  const look = () => {
    frames += 1;
    const moved = place ? correct(virtualizer, place) : false;
    const total = virtualizer.getTotalSize();
    quiet = moved || total !== height ? 0 : quiet + 1;
    height = total;
    if (quiet >= quietFrames || frames >= mostFrames) done();
    else frame = requestAnimationFrame(look);
  };
  let frame = requestAnimationFrame(look);
  return () => cancelAnimationFrame(frame);
}

function correct({ scrollElement }: VirtualLines, place: Place): boolean {
  const row = scrollElement?.querySelector(`[data-seq="${place.seq}"]`);
  if (!scrollElement || !row) return false;
  const above = scrollElement.getBoundingClientRect().top - row.getBoundingClientRect().top;
  const off = place.above - above;
  if (Math.abs(off) < 0.5) return false;
  scrollElement.scrollTop += off;
  return true;
}
