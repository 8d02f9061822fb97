import type { CloseReason } from '@tidings/api/errors';
import type { DeviceId, UserId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';

/** A device's open stream, as the handler sees it. */
export interface Line {
  readonly caller: Caller;
  /** Events that are JSON already, to go out with this tick's others. Nothing happens on a line that ended. */
  push(events: readonly string[]): void;
  /** Says `bye` and ends. */
  end(reason: CloseReason): void;
}

/** The open lines of one handler, by user. Most users have one: a list is made for the second. */
export class Lines {
  readonly #byUser = new Map<UserId, Line | Line[]>();
  #size = 0;
  #delivered = 0;

  /** Events written to lines since the start: one for three devices counts three times. */
  get delivered(): number {
    return this.#delivered;
  }

  get size(): number {
    return this.#size;
  }

  add(line: Line): void {
    const { userId } = line.caller;
    const held = this.#byUser.get(userId);
    if (held === undefined) this.#byUser.set(userId, line);
    else if (Array.isArray(held)) held.push(line);
    else this.#byUser.set(userId, [held, line]);
    this.#size += 1;
  }

  /** False when it wasn't here any more. */
  remove(line: Line): boolean {
    const { userId } = line.caller;
    const held = this.#byUser.get(userId);
    if (held === line) this.#byUser.delete(userId);
    else if (Array.isArray(held) && held.includes(line)) {
      const rest = held.filter((other) => other !== line);
      this.#byUser.set(userId, rest.length === 1 ? (rest[0] as Line) : rest);
    } else return false;
    this.#size -= 1;
    return true;
  }

  of(user: UserId): readonly Line[] {
    const held = this.#byUser.get(user);
    if (held === undefined) return none;
    return Array.isArray(held) ? held : [held];
  }

  all(): Line[] {
    return [...this.#byUser.values()].flat();
  }

  /** `events` is asked for only when somebody is here, and once. */
  deliver(users: readonly UserId[], events: () => readonly string[], except?: DeviceId): void {
    for (const user of users) {
      const held = this.#byUser.get(user);
      if (held === undefined) continue;
      if (!Array.isArray(held)) this.#push(held, events, except);
      else for (const line of [...held]) this.#push(line, events, except);
    }
  }

  #push(line: Line, events: () => readonly string[], except: DeviceId | undefined): void {
    if (except !== undefined && line.caller.deviceId === except) return;
    const encoded = events();
    this.#delivered += encoded.length;
    line.push(encoded);
  }
}

const none: readonly Line[] = [];
