// What an eye would see at once: names that are cut, panels on each other, content that has to be scrolled to.
const PANEL = 'data-viz-panel-key';

function inside<T>(find: (element: HTMLElement, style: CSSStyleDeclaration) => T | false): T[] {
  const found: T[] = [];
  document.querySelectorAll<HTMLElement>(`[${PANEL}] *`).forEach((each) => {
    const said = find(each, getComputedStyle(each));
    if (said !== false) {
      found.push(said);
    }
  });
  return found;
}

function scrolls(overflow: string) {
  return overflow === 'auto' || overflow === 'scroll';
}

function ownText(element: HTMLElement) {
  return [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
}

function isCut(element: HTMLElement, style: CSSStyleDeclaration): boolean {
  if (!ownText(element)) {
    return false;
  }
  if (style.textOverflow === 'ellipsis' && element.scrollWidth > element.clientWidth) {
    return true;
  }
  const range = document.createRange();
  range.selectNodeContents(element);
  const text = range.getBoundingClientRect();
  if (!text.width) {
    return false;
  }
  for (let box: HTMLElement | null = element; box && !box.hasAttribute(PANEL); box = box.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(box);
    if (scrolls(overflowX) || scrolls(overflowY)) {
      return false;
    }
    const edge = box.getBoundingClientRect();
    if (overflowX !== 'visible' && (text.right > edge.right + 1 || text.left < edge.left - 1)) {
      return true;
    }
  }
  return false;
}

export function cut() {
  return inside((each, style) => (isCut(each, style) ? (each.textContent ?? '').trim() : false));
}

export function overlapping() {
  const panels = [...document.querySelectorAll(`[${PANEL}]`)].map((each) => ({ key: each.getAttribute(PANEL), box: each.getBoundingClientRect() }));
  return panels.flatMap(({ key, box }, place) => panels.slice(place + 1)
    .filter(({ box: other }) => box.left < other.right - 1 && other.left < box.right - 1 && box.top < other.bottom - 1 && other.top < box.bottom - 1)
    .map((other) => [key, other.key]));
}

// A table may scroll downwards; nothing else may scroll.
export function scrollbars() {
  return inside((each, style) => {
    const sideways = scrolls(style.overflowX) && each.scrollWidth > each.clientWidth + 1;
    const downwards = scrolls(style.overflowY) && each.scrollHeight > each.clientHeight + 1 && each.getAttribute('role') !== 'grid';
    return sideways || downwards ? each.closest(`[${PANEL}]`)!.getAttribute(PANEL) : false;
  });
}
