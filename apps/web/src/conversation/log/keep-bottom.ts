/**
 * A keyboard that comes up or a composer that grows takes from the top: the lines at the bottom stay above it. When the width is another,
 * as on a phone that is turned, each line gets another height, one after the other: who stood at the end (`near` it, in pixels) stays there until all have theirs.
 */
export function keepBottom(element: HTMLElement, near: number): () => void {
  const isNearEnd = () => element.scrollHeight - element.scrollTop - element.clientHeight <= near;
  let { scrollTop, clientHeight, clientWidth } = element;
  let isAtEnd = isNearEnd();
  let cancel = () => {};
  const observer = new ResizeObserver(() => {
    if (element.clientWidth !== clientWidth && isAtEnd) {
      cancel();
      cancel = stayAtEnd(element);
    }
    ({ clientWidth } = element);
    const bottom = scrollTop + clientHeight;
    ({ clientHeight } = element);
    element.scrollTop = bottom - clientHeight;
    ({ scrollTop } = element);
  });
  const remember = () => {
    // Moved by the browser, as far as the content reaches, because the pane grew: the observer wants to know from where.
    if (element.clientHeight !== clientHeight || element.clientWidth !== clientWidth) return;
    ({ scrollTop } = element);
    isAtEnd = isNearEnd();
  };
  observer.observe(element);
  element.addEventListener('scroll', remember, { passive: true });
  return () => {
    cancel();
    observer.disconnect();
    element.removeEventListener('scroll', remember);
  };
}

const calmFrames = 3;

/** Until the content's height was the same for a few frames. */
function stayAtEnd(element: HTMLElement): () => void {
  let height = -1;
  let calm = 0;
  let frame = 0;
  const step = () => {
    calm = element.scrollHeight === height ? calm + 1 : 0;
    height = element.scrollHeight;
    element.scrollTop = height;
    if (calm < calmFrames) frame = requestAnimationFrame(step);
  };
  step();
  return () => cancelAnimationFrame(frame);
}
