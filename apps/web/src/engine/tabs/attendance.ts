import type { Clock } from '@tidings/api/clock';
import type { Engine } from '@tidings/client/engine-port';
import type { Attention, TabId } from './messages';

/** Told at most once per this time that the user does something. */
export const actEveryMs = 30_000;
/** From one tab to the other there is a moment in which neither is looked at. */
const closeAfterMs = 2_000;

/** Adds up what the tabs show and whether anybody looks at one, for the engine of the leading tab. */
export class Attendance {
  readonly #engine: Pick<Engine, 'watch' | 'act'>;
  readonly #clock: Clock;
  /** The tab that spoke last comes last. */
  readonly #tabs = new Map<TabId, Attention>();
  #open = false;
  #mayAct = true;
  #cancelClose: () => void = () => {};
  #cancelAct: () => void = () => {};
  #watched = '';

  constructor(engine: Pick<Engine, 'watch' | 'act'>, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  /** Somebody has a tab before their eyes. */
  get present(): boolean {
    return [...this.#tabs.values()].some((attention) => attention.present);
  }

  set(tab: TabId, attention: Attention): void {
    this.#tabs.delete(tab);
    this.#tabs.set(tab, attention);
    this.#tell(attention.acted);
  }

  forget(tab: TabId): void {
    if (this.#tabs.delete(tab)) this.#tell(false);
  }

  /** The leader goes: nobody is told later. */
  end(): void {
    this.#cancelClose();
    this.#cancelAct();
    if (this.#open) this.#engine.act('close');
    this.#open = false;
  }

  #tell(acted: boolean): void {
    this.#watch();
    if (this.present) this.#opened(acted);
    else if (this.#open) this.#closeSoon();
  }

  #watch(): void {
    const newestFirst = [...this.#tabs.values()]
      .reverse()
      .sort((a, b) => Number(b.present) - Number(a.present));
    const users = [...new Set(newestFirst.flatMap((attention) => attention.users))].slice(0, 200);
    const conversations = [...new Set(newestFirst.flatMap((attention) => attention.conversations))].slice(
      0,
      50,
    );
    const watched = JSON.stringify([users, conversations]);
    if (watched === this.#watched) return;
    this.#watched = watched;
    this.#engine.watch(users, conversations);
  }

  #opened(acted: boolean): void {
    this.#cancelClose();
    if (!this.#open) {
      this.#open = true;
      this.#act('open');
    } else if (acted && this.#mayAct) this.#act('act');
  }

  #act(act: 'open' | 'act'): void {
    this.#engine.act(act);
    this.#mayAct = false;
    this.#cancelAct();
    this.#cancelAct = this.#clock.after(actEveryMs, () => {
      this.#mayAct = true;
    });
  }

  #closeSoon(): void {
    this.#cancelClose();
    this.#cancelClose = this.#clock.after(closeAfterMs, () => {
      this.#open = false;
      this.#engine.act('close');
    });
  }
}
