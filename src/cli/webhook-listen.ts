// `npm run webhook-listen`: a receiver of reminders on this machine. Checks signatures, knows ids that it has had, prints
// the rest.
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { wholeNumber } from "./command-line.ts";

const LOCAL_SECRET = "whsec_bWlsbHJhY2Utb24tdGhpcy1tYWNoaW5lLW9ubHk=";

const command = new Command("webhook-listen")
  .description("Receive reminders on this machine and check their signatures")
  .option("--port <number>", "where to listen", wholeNumber, 8790)
  .option("--secret <whsec>", "REMINDER_WEBHOOK_SECRET of the Worker", LOCAL_SECRET)
  .action(({ port, secret }) => {
    const webhook = new Webhook(String(secret));
    const known = new Set<string>();
    const server = createServer((request, response) => {
      void text(request).then((body) => response.writeHead(receive(body, request.headers)).end());
    });
    const receive = (body: string, headers: IncomingHttpHeaders): number => {
      const header = (name: string) => String(headers[name] ?? "");
      const id = header("webhook-id");
      try {
        webhook.verify(body, {
          "webhook-id": id,
          "webhook-timestamp": header("webhook-timestamp"),
          "webhook-signature": header("webhook-signature"),
        });
      } catch (error) {
        if (!(error instanceof WebhookVerificationError)) throw error;
        console.log(`refused: ${error.message}`);
        return 401;
      }
      console.log(known.has(id) ? `again: ${id}` : `${id} ${body}`);
      known.add(id);
      return 204;
    };
    server.listen(Number(port), "127.0.0.1", () => {
      console.log(`REMINDER_WEBHOOK_URL=http://127.0.0.1:${String(port)}/`);
      console.log(`REMINDER_WEBHOOK_SECRET=${String(secret)}`);
    });
  });

await command.parseAsync();
