import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Door } from "./door.ts";
import type { Page } from "playwright-core";

const programs = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The program of a browser, or why there is none. */
export function findBrowser(): { readonly program: string; readonly reason: string | false } {
  const program = programs.find((path) => path !== "" && existsSync(path)) ?? "";
  return { program, reason: program === "" ? "there is no Chromium here; name one in CHROMIUM" : false };
}

export interface Visit {
  readonly products: number;
  /** The way of the order, as the page shows it. */
  readonly steps: readonly string[];
  /** Services and versions that have answered. */
  readonly answered: readonly string[];
  /** What the page complained of. */
  readonly problems: readonly string[];
  readonly tookMs: number;
}

/** Looks at the shelves, registers, buys two things and waits until they are paid. */
export async function buyInBrowser(door: Door, screenshot?: string): Promise<Visit> {
  const began = performance.now();
  const { url, address } = door;
  const rules = address === undefined ? [] : [`--host-resolver-rules=MAP ${url.hostname} ${address}`];
  const browser = await chromium.launch({ executablePath: findBrowser().program, args: ["--no-sandbox", ...rules] });
  try {
    const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
    page.setDefaultTimeout(45_000);
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !isOfTheMachine(message.text())) problems.push(message.text());
    });
    await page.goto(url.href);
    const add = page.locator("[id^=add-]:not([disabled])");
    await add.nth(1).waitFor();
    const products = await page.locator("article.card").count();
    await add.nth(0).click();
    await add.nth(1).click();
    await page.locator("#cart-button").click();
    await page.locator("#checkout").click();
    await register(page);
    await page.locator("article.order[data-state=confirmed]").waitFor();
    if (screenshot !== undefined) await page.screenshot({ path: screenshot, fullPage: true });
    return {
      products,
      steps: await page.locator("article.order li.done").allTextContents(),
      answered: await page.locator("#answers li").allTextContents(),
      problems,
      tookMs: performance.now() - began,
    };
  } finally {
    await browser.close();
  }
}

/** A network interface came or went, as those of containers do: the browser breaks off what it loads, and loads it again. */
function isOfTheMachine(complaint: string): boolean {
  return complaint.includes("net::ERR_NETWORK_CHANGED");
}

async function register(page: Page): Promise<void> {
  await page.locator("#email").fill(`visitor-${Date.now()}@shop.example`);
  await page.locator("#password").fill("a long enough password");
  await page.locator("button[value=register]").click();
}
