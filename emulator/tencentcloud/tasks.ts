/** A Redis task, as `DescribeTaskInfo` shows it. */
export interface Task {
  readonly id: number;
  readonly instanceId: string;
  readonly region: string;
  readonly startTime: string;
  readonly type: string;
  status: "preparing" | "running" | "succeed" | "failed";
}

/** The Redis tasks since the start or the last reset. */
export class Tasks {
  readonly #tasks = new Map<number, Task>();
  /** The id in the vendor's example; never given twice in a process, so that no old one is mistaken. */
  #nextId = 16661;

  start(instanceId: string, region: string, type: string): Task {
    const startTime = new Date().toISOString();
    const task: Task = {
      id: this.#nextId++,
      instanceId,
      region,
      startTime,
      type,
      status: "preparing",
    };
    this.#tasks.set(task.id, task);
    return task;
  }

  get(id: number): Task | undefined {
    return this.#tasks.get(id);
  }

  reset(): void {
    this.#tasks.clear();
  }
}
