import { chromium, type PageScreenshotOptions } from 'playwright-core';

/**
 * Takes a picture of a page of Home Assistant in headless Chromium, signed in.
 * @param tokens what the page itself keeps once signed in
 */
export async function photograph(
  origin: string,
  tokens: object,
  path: string,
  picture: PageScreenshotOptions,
): Promise<void> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const context = await browser.newContext({ viewport: { width: 1620, height: 1700 }, locale: 'en-GB' });
    const kept = JSON.stringify(JSON.stringify(tokens));
    await context.addInitScript({ content: `localStorage.setItem('hassTokens', ${kept})` });
    const page = await context.newPage();
    await page.goto(origin + path, { waitUntil: 'networkidle' });
    await page.screenshot(picture);
  } finally {
    await browser.close();
  }
}
