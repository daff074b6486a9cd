// The lint rule `house/borders`: every import, type import and re-export of a file must be one that its room may make.
import path from "node:path";
import { findRoom, mayImport } from "./borders.ts";

/** The floors that have borders; tests and configuration may import what they like. */
const FLOORS = /^(src|models|durable|migrations)\//;

/** The little of the linter's own interface that the rule needs. */
type Importing = { source?: { value?: unknown } | null };
type Context = {
  filename: string;
  cwd: string;
  report(complaint: { node: object; message: string }): void;
};

const borders = {
  create(context: Context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join("/");
    if (!FLOORS.test(file)) return {};
    const room = findRoom(file);
    const check = (node: Importing) => {
      const named = node.source?.value;
      if (typeof named !== "string") return;
      const target = named.startsWith(".")
        ? path.posix.join(path.posix.dirname(file), named)
        : named;
      if (room === undefined) {
        const message = `${file} is in no room: say in test/house/borders.ts what it may import.`;
        context.report({ node, message });
      } else if (!mayImport(room, target)) {
        const message = `${room.room} may not import ${target}: test/house/borders.ts lists what it may.`;
        context.report({ node, message });
      }
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

export default { meta: { name: "house" }, rules: { borders } };
