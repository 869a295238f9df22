/** What a text may be written as. */
export interface ScalarAnalysis {
  multiline: boolean;
  plainInBlock: boolean;
  single: boolean;
  block: boolean;
}

const empty: ScalarAnalysis = { multiline: false, plainInBlock: true, single: true, block: false };
const simple: ScalarAnalysis = { multiline: false, plainInBlock: true, single: true, block: true };

/** Starts like a word or a path and holds nothing that could matter: by far the most texts. */
const surelyPlain = /^[A-Za-z0-9/_.(+=;<$^~][A-Za-z0-9/_.()+=;<>$^~&*!|%@,?[\]{}"'`\\-]*$/;

export function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** What go-yaml writes as it is. Astral characters are not among it, and neither are tabs. */
export function isPrintable(code: number): boolean {
  return (
    code === 10 ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  );
}

/** Indicators at the start of a text that are none further on, and those that are always. */
const startIndicators = new Set([..."#,[]{}&*!|>'\"%@`"].map((each) => each.charCodeAt(0)));

/** The findings of one walk over the text. */
interface Walk {
  indicators: boolean;
  special: boolean;
  tabs: boolean;
  breaks: boolean;
  breakSpace: boolean;
  spaceBreak: boolean;
}

export function analyzeScalar(text: string, tabsInBlocks: boolean): ScalarAnalysis {
  if (text === "") {
    return empty;
  }
  if (surelyPlain.test(text) && !text.startsWith("...")) {
    return simple;
  }
  const walk = walkThrough(text, tabsInBlocks);
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  const edges = first === 32 || isBreak(first) || last === 32 || isBreak(last);
  const single = !walk.breakSpace && !walk.spaceBreak && !walk.special && !walk.tabs;
  return {
    multiline: walk.breaks,
    plainInBlock: single && !edges && !walk.breaks && !walk.indicators,
    single,
    block: last !== 32 && !walk.spaceBreak && !walk.special,
  };
}

function walkThrough(text: string, tabsInBlocks: boolean): Walk {
  const walk: Walk = {
    indicators: text.startsWith("---") || text.startsWith("..."),
    special: false,
    tabs: false,
    breaks: false,
    breakSpace: false,
    spaceBreak: false,
  };
  let afterSpace = false;
  let afterBreak = false;
  let afterWhite = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    walk.indicators ||= isIndicator({ text, at, code, afterWhite });
    if (code === 9 && tabsInBlocks) {
      walk.tabs = true;
    } else if (!isPrintable(code)) {
      walk.special = true;
    }
    const breaks = isBreak(code);
    walk.breaks ||= breaks;
    walk.breakSpace ||= code === 32 && afterBreak;
    walk.spaceBreak ||= breaks && afterSpace;
    afterSpace = code === 32;
    afterBreak = breaks;
    afterWhite = breaks || code === 32 || code === 9 || code === 0;
  }
  return walk;
}

function isIndicator(place: { text: string; at: number; code: number; afterWhite: boolean }): boolean {
  const { text, at, code, afterWhite } = place;
  if (at === 0 && startIndicators.has(code)) {
    return true;
  }
  if (code === 58 || (at === 0 && (code === 63 || code === 45))) {
    const next = text.charCodeAt(at + 1);
    return at + 1 >= text.length || next === 32 || next === 9;
  }
  return code === 35 && afterWhite;
}
