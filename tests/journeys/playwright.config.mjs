// Browser journeys: `cargo xtask test --only journeys` builds the program and calls this.
//
// Every journey runs on a desktop, on a phone and without scripts. A journey that is about a script carries @script in
// its title, one that needs a wide screen @desktop.
//
// YOUCHENG_SHOTS=1 keeps pictures of every page on the way in .tools/shots; YOUCHENG_QUICK=1 goes through the main job
// without looking at its pages.
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const known = [process.env.YOUCHENG_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const browser = known.find((path) => path && existsSync(path));
const desktop = { width: 1366, height: 900 };

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
    { name: 'desktop', use: { viewport: desktop } },
    {
      name: 'phone',
      grepInvert: /@desktop/,
      use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
    },
    { name: 'no-script', grepInvert: /@script/, use: { viewport: desktop, javaScriptEnabled: false } },
  ],
});
