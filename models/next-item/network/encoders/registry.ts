// All encoders by name.
import type { EncoderName } from "../../config.ts";
import { caser } from "./caser.ts";
import type { Encoder } from "./encoder.ts";
import { gru } from "./gru.ts";
import { hstu } from "./hstu.ts";
import { lstm } from "./lstm.ts";
import { nextitnet } from "./nextitnet.ts";
import { sasrec } from "./sasrec.ts";

export const ENCODERS: Readonly<Record<EncoderName, Encoder>> = {
  hstu,
  sasrec,
  gru,
  lstm,
  caser,
  nextitnet,
};
