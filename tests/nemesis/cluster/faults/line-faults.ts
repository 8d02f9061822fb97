import type { NemesisDevice } from '../../device.ts';
import type { Door } from '../door.ts';
import type { Lined } from '../member.ts';
import { devicesElsewhere, type Fault, pickHandler, type Scene } from './fault.ts';

export const cutDevices: Fault = {
  name: 'sockets cut between some devices and the handlers',
  async begin(scene) {
    const cut = scene.town.devices.filter(() => scene.random.chance(0.4));
    const lines = cut.map((device) => doorOf(scene, device).line);
    for (const line of lines) line.cut();
    return {
      what: `${cut.length} devices are cut off`,
      bystanders: others(scene, cut),
      theyHear: true,
      async end() {
        for (const line of lines) line.heal();
      },
    };
  },
};

/** It takes nothing any more and says nothing: its handler must neither wait for it nor keep everything for it. */
export const slowDevice: Fault = {
  name: 'a device that reads nothing',
  async begin(scene) {
    const slow = scene.random.pick(scene.town.devices);
    const { line } = doorOf(scene, slow);
    line.hold();
    return {
      what: 'one device reads nothing',
      bystanders: others(scene, [slow]),
      theyHear: true,
      end: async () => line.heal(),
    };
  },
};

export const cutHandlerFromEngine: Fault = {
  name: 'sockets cut between a handler and an engine',
  begin: (scene) => breakLine(scene, 'cut'),
};

export const swallowingNetwork: Fault = {
  name: 'a network between a handler and an engine that swallows',
  begin: (scene) => breakLine(scene, 'hold'),
};

async function breakLine(scene: Scene, how: 'cut' | 'hold') {
  const handler = pickHandler(scene);
  const engine = scene.random.pick(Object.keys(handler.lines) as Lined[]);
  handler.lines[engine]?.[how]();
  return {
    what: `${handler.name} ${how === 'cut' ? 'is cut off from' : 'hears nothing of'} ${engine}`,
    bystanders: devicesElsewhere(scene, handler),
    theyHear: true,
    end: async () => handler.lines[engine]?.heal(),
  };
}

const doorOf = ({ stage }: Scene, { device }: NemesisDevice): Door => stage.doors.get(device) as Door;

const others = ({ town }: Scene, hit: readonly NemesisDevice[]): readonly NemesisDevice[] =>
  town.devices.filter((device) => !hit.includes(device));
