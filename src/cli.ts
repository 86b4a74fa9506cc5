#!/usr/bin/env node
import './runtime/process/small-heap.js';
import './runtime/process/patient-connections.js';
import { Command, CommanderError, Option } from 'commander';
import type { AppPlaces } from './commands/app.js';
import type { InitFlags } from './commands/init/flags.js';
import { command, task, wrongUsage } from './commands/run-command.js';
import { version } from './version.js';

// Each command loads only its own parts: `--help` and the uploader need no OpenCV.

type Conf = { conf?: string };
type Room = { room?: string };
const room = ['--room <name>', 'the room, of a configuration with several'] as const;
const conf = ['--conf <file>', 'configuration, YAML or JSON (or set ROOMWATCH_CONF)'] as const;

const program = new Command('roomwatch')
  .description('Turns a camera into a room-occupancy sensor on MQTT and uploads a picture of every visit to Dropbox.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(roomwatch --help shows how)')
  .addHelpText(
    'after',
    `
Examples:
  roomwatch init                                 make a configuration by answering a few questions
  roomwatch start                                try it: the bundled clip, a broker at 127.0.0.1:1883, pictures in data/archive
  roomwatch check --conf kitchen.yaml            do the camera, the broker and the archive work?
  roomwatch detect --conf kitchen.yaml           the detector alone, on the machine with the camera
  roomwatch upload --conf kitchen.yaml           the uploader alone, on the same machine or another
  roomwatch replay clip.mp4 --out seen --plot    what would the detector have seen?

Every value of the configuration can also be an environment variable: mqtt.url is ROOMWATCH_MQTT_URL.
Exit status: 0 done, 1 failed while running, 2 wrong usage or configuration.`,
  );

program
  .command('start')
  .summary('broker (if embedded), a detector for each room, and the uploader')
  .description(
    'Runs the broker (if broker.embedded is true), a detector for each room and one uploader, and restarts any that crash. ' +
      'When it receives SIGHUP, it reads the configuration again and starts anew only what has changed.',
  )
  .option(...conf)
  .addOption(
    new Option('--only <processes>', 'the detectors alone: broker, uploader and page run elsewhere').choices([
      'detectors',
    ]),
  )
  .action(({ conf, only }: Conf & { only?: 'detectors' }) => {
    const without = only === undefined ? 'defaults' : 'refuse';
    return command('start', { conf, without, opensCamera: true, rereads: true, asServices: true }, async (given) => {
      const { runStart } = await import('./commands/start.js');
      return runStart({ ...given, only });
    });
  });

program
  .command('detect')
  .summary('the detector')
  .description(
    'Watches one camera: publishes on MQTT whether the room is occupied, keeps pictures and serves them over HTTP.',
  )
  .option(...conf)
  .option(...room)
  .action(({ conf, room }: Conf & Room) =>
    command(
      'detector',
      { conf, opensCamera: true, asServices: true, room: { named: room } },
      async ({ config, log, signal, insight }) => {
        const { runDetector } = await import('./detector/detector.js');
        return runDetector(config, log, signal, insight);
      },
    ),
  );

program
  .command('upload')
  .summary('the uploader')
  .description('Downloads every picture that a detector announces and stores it in the archive: Dropbox or a folder.')
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('uploader', { conf, asServices: true }, async ({ config, log, signal }) => {
      const { runUploader } = await import('./uploader/uploader.js');
      return runUploader(config, log, signal);
    }),
  );

program
  .command('page')
  .summary('the page of all rooms')
  .description('Serves one page for all rooms of a home. It finds them through their topics, so it may run anywhere.')
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('page', { conf, asServices: true }, async ({ config, log, signal }) => {
      const { runHome } = await import('./home/home.js');
      return runHome(config, log, signal);
    }),
  );

program
  .command('replay')
  .summary('what the detector sees in a recorded clip')
  .description('Runs the detector over a recorded clip as fast as possible, without a broker.')
  .argument('<clip>', 'a video file')
  .option(...conf)
  .option(...room)
  .option('--out <dir>', 'write frames.ndjson, messages.ndjson and snapshots/ to this folder')
  .option('--video', 'also write annotated.mp4')
  .option('--plot', 'also write timeline.svg')
  .addHelpText('after', '\nExample:\n  roomwatch replay clip.mp4 --conf kitchen.yaml --out seen --video --plot')
  .action((clip: string, options: Conf & Room & { out?: string; video?: boolean; plot?: boolean }) => {
    if (options.out === undefined && (options.video || options.plot)) {
      return wrongUsage('--video and --plot need --out DIR');
    }
    const { conf, room: named } = options;
    return command('replay', { conf, without: 'defaults', secrets: 'later', room: { named } }, async (given) => {
      const { replayWithProgress } = await import('./commands/replay.js');
      return replayWithProgress(clip, options, given);
    });
  });

program
  .command('check')
  .summary('try camera, broker and archive')
  .description(
    'Tries the camera of each room, the broker and the archive. Prints one line for each: ok, or what is wrong and what to do.',
  )
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('check', { conf, without: 'defaults', opensCamera: true, asServices: true }, async (given) => {
      const { runCheck } = await import('./commands/check.js');
      return runCheck(given, given.signal, (line) => process.stdout.write(`${line}\n`));
    }),
  );

program
  .command('init')
  .summary('ask a few questions, try the answers, write a configuration')
  .description(
    'Asks for the cameras, the broker and the archive, tries each answer as `roomwatch check` does, and writes a commented ' +
      'configuration that only you can read. A flag answers its question; answers may also come from a pipe, one on each line.',
  )
  .option('--conf <file>', 'the file to write (default: ROOMWATCH_CONF, or else roomwatch.yaml)')
  .option(
    '--camera <source>',
    'rtsp://…, http://…, /dev/video0, rpicam, a file, or sample; once for each room',
    collect,
  )
  .option('--room <name>', "the room's name; once for each room", collect)
  .option('--broker <url>', 'mqtt://host, or embedded')
  .option('--mqtt-username <name>', 'user name at the broker')
  .option('--mqtt-password <password>', 'password at the broker')
  .option('--archive <where>', 'dropbox, folder (data/archive beside the configuration), or the path of a folder')
  .option('--dropbox-app-key <key>', 'App key of your Dropbox app')
  .option('--http-host <address>', 'address of the page, as in 0.0.0.0 for the whole network (default: 127.0.0.1)')
  .option('--http-password <password>', 'password of the page (default: one is made)')
  .option('--env <file>', 'also write the .env for Docker Compose to this file')
  .option('--yes', 'ask nothing: take the default for what is not given, and keep what does not work')
  .option('--force', 'replace files that are there already; data_dir, archive.folder, owner and group stay')
  .addHelpText(
    'after',
    `
Examples:
  roomwatch init
  roomwatch init --conf home.yaml --room kitchen --camera rtsp://cam:password@192.168.1.20/stream1 \\
    --broker mqtt://192.168.1.2 --archive folder --yes`,
  )
  .action(({ conf, ...flags }: InitFlags & Conf) =>
    task('init', 'stopped: no configuration was written', async (signal) => {
      const { runInit } = await import('./commands/init.js');
      return runInit(conf ?? (process.env['ROOMWATCH_CONF'] || 'roomwatch.yaml'), flags, signal);
    }),
  );

program
  .command('login')
  .description('Gets access to your Dropbox and stores it in data_dir, where the uploader finds it.')
  .addHelpText('after', '\nExample:\n  roomwatch login dropbox')
  .command('dropbox')
  .description(
    'Shows the address of a page to open in any browser, and asks for the code shown there. Needs no app secret.',
  )
  .option(...conf)
  .addHelpText(
    'after',
    `
First create an app at https://www.dropbox.com/developers/apps: scoped access, "App folder", and under Permissions
files.content.write. Its App key (under Settings) is dropbox.app_key; without that, the command asks for it.`,
  )
  .action(({ conf }: Conf) => {
    const unfinished = 'stopped: no login was stored';
    return command('login', { conf, without: 'defaults', secrets: 'later', unfinished }, async (given) => {
      return (await import('./commands/login.js')).loginDropbox(given, given.signal);
    });
  });

program
  .command('app', { hidden: true })
  .description('`roomwatch start` as an app of Home Assistant, with what its Supervisor knows.')
  .option('--options <file>', 'the options that were chosen in Home Assistant', '/data/options.json')
  .option('--config <folder>', "the folder of the user's own roomwatch.yaml", '/config')
  .option('--data <folder>', 'the data directory', '/data/roomwatch')
  .option('--supervisor <url>', "the Supervisor's API", 'http://supervisor')
  .option('--supervisor-address <address>', 'the address that ingress comes from', '172.30.32.2')
  .option('--port <port>', 'the port of the page', '8099')
  .action(async (places: AppPlaces) => {
    const { prepareApp } = await import('./commands/app.js');
    const prepared = await prepareApp(places);
    if (prepared === undefined) return;
    await command('start', { ...prepared, opensCamera: true, rereads: true }, async (given) => {
      const { runStart } = await import('./commands/start.js');
      return runStart(given);
    });
  });

program
  .command('broker', { hidden: true })
  .description('The embedded broker alone, as `roomwatch start` runs it.')
  .option(...conf)
  .action(({ conf }: Conf) =>
    command('broker', { conf }, async ({ config, log, signal }) => {
      const { runBroker } = await import('./commands/broker.js');
      return runBroker(config, log, signal);
    }),
  );

program
  .command('recogniser', { hidden: true })
  .description('The model for all detectors, as `roomwatch start` runs it for several rooms.')
  .argument('<socket>')
  .option(...conf)
  .action((socket: string, { conf }: Conf) =>
    command('recogniser', { conf }, async ({ log, signal }) => {
      const { runRecogniser } = await import('./commands/recogniser.js');
      return runRecogniser(socket, log, signal);
    }),
  );

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has printed what is wrong. For --help and --version the exit code is 0.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
