import { sameAnswer } from '../../incremental/same-answer';
import type { Delivery } from './delivery';

/** Deliveries that are read anew whenever something may have changed: those that say the same stay the same object, and are made once. */
export class KeptDeliveries {
  private readonly byName = new Map<string, Delivery>();

  /** The delivery that was kept under a name, when it says the same; else this one, from now on. */
  keep(name: string, delivery: Delivery): Delivery {
    const before = this.byName.get(name);
    if (before !== undefined && sameAnswer(before, delivery)) return before;
    this.byName.set(name, delivery);
    return delivery;
  }
}
