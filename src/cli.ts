#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { command } from './command.js';

// Each command loads its own parts only: `--help` and the uploader need no OpenCV.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

type Conf = { conf?: string };
const conf = ['--conf <file>', 'configuration, YAML or JSON (or set ROOMWATCH_CONF)'] as const;

const program = new Command('roomwatch')
  .description('Turns a camera into a room-occupancy sensor on MQTT and brings a picture of every visit to Dropbox.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(roomwatch --help shows how)')
  .addHelpText(
    'after',
    `
Examples:
  roomwatch start                                try it: the bundled clip, a broker at 127.0.0.1:1883, pictures into data/archive
  roomwatch check --conf kitchen.yaml            are the camera, the broker and the archive there?
  roomwatch detect --conf kitchen.yaml           the detector alone, on the machine with the camera
  roomwatch upload --conf kitchen.yaml           the uploader alone, on the same machine or another
  roomwatch replay clip.mp4 --out seen --plot    what would it have seen?

Every value of the configuration can be set in the environment: mqtt.url is ROOMWATCH_MQTT_URL.
Exit status: 0 done, 1 failed while running, 2 wrong usage or configuration.`,
  );

program
  .command('login')
  .description('Gets access to your Dropbox and stores it in data_dir, where the uploader finds it.')
  .addHelpText('after', '\nExample:\n  roomwatch login dropbox')
  .command('dropbox')
  .description('Shows a page to open in any browser, and asks for the code it gives. Needs no app secret.')
  .option(...conf)
  .addHelpText(
    'after',
    `
First make an app at https://www.dropbox.com/developers/apps: scoped access, "App folder", and under Permissions
files.content.write. Its App key (under Settings) is dropbox.app_key, or asked for.`,
  )
  .action(({ conf }: Conf) =>
    command('login', { conf, without: 'defaults', secrets: 'later' }, async ({ config, signal }) => {
      const { loginDropbox } = await import('./login.js');
      return loginDropbox(config, signal);
    }),
  );

program
  .command('broker', { hidden: true })
  .description('The embedded broker alone, as `roomwatch start` runs it.')
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('broker', { conf }, async ({ config, log, signal }) => {
      const { runBroker } = await import('./broker.js');
      return runBroker(config, log, signal);
    }),
  );

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong; asked for help or the version it is no error.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
