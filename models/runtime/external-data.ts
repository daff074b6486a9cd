// Takes the large constants out of a model file, so that a runtime may copy each straight to where it will stay. Inside
// the file they would be held three times while it is parsed, and WASM never gives memory back.
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Bytes. Smaller constants are no burden, and folding them needs them at hand. */
const LARGE = 65_536;

/** Numbers of onnx/onnx.proto: ModelProto, GraphProto and TensorProto. */
const FIELD = { graph: 7, initializer: 5, rawData: 9, externalData: 13, dataLocation: 14 } as const;
/** TensorProto.DataLocation */
const EXTERNAL = 1;

/** A file beside the model's, as the model names it. */
export type ExternalFile = { path: string; data: Uint8Array };

/** The same model with its large constants in files of their own, which are views of `model`. Throws where it is no protobuf. */
export function outsourceConstants(model: Uint8Array): {
  model: Uint8Array;
  files: ExternalFile[];
} {
  const files: ExternalFile[] = [];
  const w = new BinaryWriter();
  copyFields(model, w, FIELD.graph, (graph) =>
    message(w, FIELD.graph, () =>
      copyFields(graph, w, FIELD.initializer, (tensor) =>
        message(w, FIELD.initializer, () => copyTensor(tensor, w, files)),
      ),
    ),
  );
  return { model: w.finish(), files };
}

function copyTensor(tensor: Uint8Array, w: BinaryWriter, files: ExternalFile[]): void {
  copyFields(tensor, w, FIELD.rawData, (data) => {
    if (data.length < LARGE) {
      w.tag(FIELD.rawData, WireType.LengthDelimited).bytes(data);
      return;
    }
    const path = `constant-${files.length}`;
    files.push({ path, data });
    const entries = { location: path, offset: "0", length: String(data.length) };
    for (const [key, value] of Object.entries(entries)) {
      message(w, FIELD.externalData, () => {
        w.tag(1, WireType.LengthDelimited).string(key);
        w.tag(2, WireType.LengthDelimited).string(value);
      });
    }
    w.tag(FIELD.dataLocation, WireType.Varint).int32(EXTERNAL);
  });
}

/** Copies a message field by field; those with the number `field`, all length-delimited, go to `replace` instead. */
function copyFields(
  bytes: Uint8Array,
  w: BinaryWriter,
  field: number,
  replace: (content: Uint8Array) => void,
): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === field && type === WireType.LengthDelimited) replace(reader.bytes());
    else w.tag(number, type).raw(reader.skip(type, number));
  }
}

function message(w: BinaryWriter, field: number, write: () => void): void {
  w.tag(field, WireType.LengthDelimited).fork();
  write();
  w.join();
}
