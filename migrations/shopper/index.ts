// The migrations of the Shopper object, oldest first. Append only: an object that has run one refuses another text.
import shopper from "./0000_shopper.sql";
import content from "./0001_content.sql";
import floorOrder from "./0002_floor_order.sql";
import linkProof from "./0003_link_proof.sql";
import consentWords from "./0004_consent_words.sql";
import reminders from "./0005_reminders.sql";

export const SHOPPER_MIGRATIONS = [
  { tag: "0000_shopper", sql: shopper },
  { tag: "0001_content", sql: content },
  { tag: "0002_floor_order", sql: floorOrder },
  { tag: "0003_link_proof", sql: linkProof },
  { tag: "0004_consent_words", sql: consentWords },
  { tag: "0005_reminders", sql: reminders },
] as const;
