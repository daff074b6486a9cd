// Where things lie in the bucket: `models/<task>/<version>/<file>` and `models/<task>/current.json`.

export const TASKS = ["next-item", "ranking", "intent", "demand"] as const;
export type Task = (typeof TASKS)[number];

/** Names that are safe in a path, sort well and cannot be taken for `current.json`. */
export const VERSION_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
export const FILE_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.[A-Za-z0-9]{1,16}$/;

export const MANIFEST_FILE = "manifest.json";

export function taskPrefix(task: Task): string {
  return `models/${task}/`;
}

export function fileKey(task: Task, version: string, file: string): string {
  return `models/${task}/${version}/${file}`;
}

/** Stands where a version has served or was tried; no file that is published can have this name. */
export function sealKey(task: Task, version: string): string {
  return `models/${task}/${version}/_sealed`;
}

export function pointerKey(task: Task): string {
  return `models/${task}/current.json`;
}
