import { flushInBackground } from './background-flush.ts';
import { type FaultRates, noFaults } from './faults.ts';
import { type NetworkRates, noLoss } from './network.ts';
import { doSomething, putSomething } from './people.ts';
import type { SeededRandom } from './random.ts';
import type { World } from './world.ts';

/** What kinds of trouble a seed has. Few at once: so that a failure tells what it came from. */
export type Trouble = {
  readonly ports: FaultRates;
  readonly lines: NetworkRates;
  readonly moods: boolean;
  readonly handlerCrashes: boolean;
  readonly deviceCrashes: boolean;
  readonly registryLoss: boolean;
  readonly backgroundFlushes: boolean;
  readonly fullDisks: boolean;
  /** Stores that fail nearly every call for a moment, after which lines go as well. */
  readonly brownouts: boolean;
  /** No handler at all, for so long that devices ask seldom. */
  readonly outage: boolean;
};

const stormMs = 40_000;
const brownoutRate = 0.8;

export function troubleOf(random: SeededRandom): Trouble {
  const calm = random.chance(0.1);
  const some = (probability: number, low: number, high: number) =>
    !calm && random.chance(probability) ? low + random.next() * (high - low) : 0;
  const often = (probability: number) => !calm && random.chance(probability);
  return {
    ports: {
      failBefore: some(0.4, 0.005, 0.06),
      failAfter: some(0.4, 0.005, 0.06),
      slow: some(0.4, 0.005, 0.06),
      lose: some(0.4, 0.02, 0.3),
      repeat: some(0.3, 0.05, 0.4),
      forget: some(0.35, 0.01, 0.15),
    },
    lines: {
      loseRequest: some(0.35, 0.01, 0.08),
      loseAnswer: some(0.35, 0.01, 0.08),
      losePush: some(0.35, 0.01, 0.05),
    },
    moods: often(0.6),
    handlerCrashes: often(0.4),
    deviceCrashes: often(0.4),
    registryLoss: often(0.25),
    backgroundFlushes: often(0.35),
    fullDisks: often(0.15),
    brownouts: often(0.15),
    outage: often(0.1),
  };
}

/** People write while things break, at moments drawn beforehand: what is done when doesn't depend on what came of it. */
export function letLoose(world: World, random: SeededRandom): number {
  const { clock, devices, trouble } = world;
  const at = (task: () => void) => clock.after(random.between(0, stormMs), task);
  const people = random.stream('people');
  for (let count = random.between(25, 90); count > 0; count -= 1) {
    const device = random.pick(devices);
    at(() => world.watch(doSomething(device, world, people)));
  }
  for (const strike of strikesOf(world, random.stream('strikes'))) at(strike);
  world.weather.rates = trouble.ports;
  for (const device of devices) {
    device.network.rates = trouble.lines;
    device.disk.full = trouble.fullDisks ? 0.1 : 0;
  }
  return stormMs;
}

/** Everything works again: nothing fails from here on, and what was dead is started. */
export function calm({ weather, devices, cluster }: World): void {
  weather.rates = noFaults;
  for (const device of devices) {
    device.network.rates = noLoss;
    device.setMood('good');
    device.disk.full = 0;
    device.start();
  }
  if (cluster.handlers.length === 0) cluster.startHandler();
}

function strikesOf(world: World, random: SeededRandom): (() => void)[] {
  const { clock, devices, trouble, cluster } = world;
  const tell = (what: string) => world.witness.tell(what);
  const strikes: (() => void)[] = [];
  const some = (wanted: boolean, low: number, high: number, strike: () => void) => {
    for (let count = wanted ? random.between(low, high) : 0; count > 0; count -= 1) strikes.push(strike);
  };
  some(trouble.moods, 2, 12, () => {
    const device = random.pick(devices);
    device.setMood(random.pick(['slow', 'silent', 'offline'] as const));
    tell(`${device.device} has a network that is ${device.network.mood}`);
    clock.after(random.between(200, 25_000), () => device.setMood('good'));
  });
  some(trouble.moods, 0, 4, () =>
    random.pick(devices).network.cut(random.pick(['both', 'device', 'server'] as const)),
  );
  some(trouble.deviceCrashes, 1, 4, () => {
    const device = random.pick(devices);
    device.crash();
    tell(`${device.device} crashes`);
    clock.after(random.between(10, 15_000), () => device.start());
  });
  some(trouble.handlerCrashes, 1, 3, () => {
    if (cluster.handlers.length === 0) return;
    const handler = random.pick(cluster.handlers);
    tell('a handler goes');
    if (random.chance(0.75)) handler.crash();
    else world.watch(handler.stop());
    clock.after(random.between(100, 6_000), () => cluster.startHandler());
  });
  some(trouble.registryLoss, 1, 3, () => cluster.loseRegistry());
  some(trouble.backgroundFlushes, 2, 8, () => world.watch(flushInBackground(random.pick(devices), clock)));
  some(trouble.brownouts, 1, 4, () => brownOut(world, random));
  some(trouble.outage, 1, 1, () => {
    tell('all handlers go');
    for (const handler of [...cluster.handlers]) handler.crash();
  });
  return strikes;
}

/** Somebody puts something in their account just then, and loses their line when the stores are back, while the put waits for its next try. */
function brownOut(world: World, random: SeededRandom): void {
  const { clock, weather, trouble, devices } = world;
  const device = random.pick(devices);
  const rates = { ...trouble.ports, failBefore: brownoutRate };
  world.witness.tell('stores brown out');
  weather.rates = rates;
  world.watch(putSomething(device, random));
  clock.after(random.between(1_000, 4_000), () => {
    if (weather.rates === rates) weather.rates = trouble.ports;
    device.network.cut('both');
  });
}
