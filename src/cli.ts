#!/usr/bin/env node
import './runtime/process/small-heap.js';
import { Command, CommanderError } from 'commander';
import { command, wrongUsage } from './commands/run-command.js';
import { version } from './version.js';

// Each command loads its own parts only: `--help` and the uploader need no OpenCV.

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
  .command('start')
  .summary('broker (if embedded), detector and uploader')
  .description(
    'Runs the broker (if broker.embedded is true), one detector and one uploader, and restarts what crashes.',
  )
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('start', { conf, without: 'defaults' }, async ({ config, log, signal, file }) => {
      const { runStart } = await import('./commands/start.js');
      return runStart(config, log, signal, file);
    }),
  );

program
  .command('detect')
  .summary('the detector')
  .description(
    'Watches one camera: says on MQTT whether the room is occupied, keeps pictures and serves them over HTTP.',
  )
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('detector', { conf }, async ({ config, log, signal }) => {
      const { runDetector } = await import('./detector/detector.js');
      return runDetector(config, log, signal);
    }),
  );

program
  .command('upload')
  .summary('the uploader')
  .description('Fetches every picture that a detector announces and puts it into the archive: Dropbox or a folder.')
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('uploader', { conf }, async ({ config, log, signal }) => {
      const { runUploader } = await import('./uploader/uploader.js');
      return runUploader(config, log, signal);
    }),
  );

program
  .command('replay')
  .summary('what the detector sees in a recorded clip')
  .description('Runs the detector over a recorded clip as fast as it goes, without a broker.')
  .argument('<clip>', 'a video file')
  .option(...conf)
  .option('--out <dir>', 'write frames.ndjson, messages.ndjson and snapshots/ there')
  .option('--video', 'write annotated.mp4, too')
  .option('--plot', 'write timeline.svg, too')
  .addHelpText('after', '\nExample:\n  roomwatch replay clip.mp4 --conf kitchen.yaml --out seen --video --plot')
  .action((clip: string, options: Conf & { out?: string; video?: boolean; plot?: boolean }) => {
    if (options.out === undefined && (options.video || options.plot)) {
      return wrongUsage('--video and --plot need --out DIR, where to write');
    }
    return command('replay', { conf: options.conf, without: 'defaults', secrets: 'later' }, async (given) => {
      const { replayWithProgress } = await import('./commands/replay.js');
      return replayWithProgress(clip, options, given);
    });
  });

program
  .command('check')
  .summary('try camera, broker and archive')
  .description('Tries the camera, the broker and the archive: one line each, ok, or what is wrong and what to do.')
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('check', { conf, without: 'defaults' }, async ({ config, signal }) => {
      const { runCheck } = await import('./commands/check.js');
      return runCheck(config, signal, (line) => process.stdout.write(`${line}\n`));
    }),
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
      const { loginDropbox } = await import('./commands/login.js');
      return loginDropbox(config, signal);
    }),
  );

program
  .command('broker', { hidden: true })
  .description('The embedded broker alone, as `roomwatch start` runs it.')
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('broker', { conf }, async ({ config, log, signal }) => {
      const { runBroker } = await import('./adapters/broker/embedded-broker.js');
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
