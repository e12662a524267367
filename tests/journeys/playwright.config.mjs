// Browser journeys: `cargo xtask test --only journeys` builds the program and calls this.
//
// A journey runs on a desktop, on a phone and without scripts, unless its title says otherwise: @script for one that is
// about a script, or too long to be told three times; @desktop for one that is not told on a phone; @plain for one that is
// told on a phone without scripts only. The main job is told twice: in English on a desktop with scripts, in Chinese on a
// phone without.
//
// YOUCHENG_SHOTS=1 keeps pictures of every page on the way in .tools/shots; YOUCHENG_QUICK=1 goes through the main job
// without looking at its pages.
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const known = [process.env.YOUCHENG_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const browser = known.find((path) => path && existsSync(path));
const desktop = { width: 1366, height: 900 };
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

export default defineConfig({
  testDir: '.',
  outputDir: '../../.tools/journeys',
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    locale: 'en',
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: browser,
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'plain-phone', grep: /@plain/, use: { ...phone, javaScriptEnabled: false } },
    { name: 'desktop', grepInvert: /@plain/, use: { viewport: desktop } },
    { name: 'phone', grepInvert: /@desktop|@plain/, use: phone },
    { name: 'no-script', grepInvert: /@script|@plain/, use: { viewport: desktop, javaScriptEnabled: false } },
  ],
});
