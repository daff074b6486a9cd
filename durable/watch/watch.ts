// Browsers that have the console open, each on a WebSocket that outlives this object's sleep. It keeps nothing: what it is
// told it passes on.
import { DurableObject } from "cloudflare:workers";
import { SESSION_ENDS, type WatchRpc } from "../contract.ts";

/** Told to a browser whose session is over; see RFC 6455, 7.4.2. */
const SIGNED_OUT = 4401;

type Attachment = { expires_at: number };

export class Watch extends DurableObject<object> implements WatchRpc {
  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env);
    // Answered while the object sleeps.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  override fetch(request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    const attachment: Attachment = { expires_at: Number(request.headers.get(SESSION_ENDS)) };
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment(attachment);
    return new Response(null, { status: 101, webSocket: client });
  }

  tell(text: string): Promise<number> {
    const sockets = this.ctx.getWebSockets();
    for (const socket of sockets) {
      const { expires_at }: Attachment = socket.deserializeAttachment();
      if (expires_at <= Date.now()) socket.close(SIGNED_OUT, "The session is over.");
      else socket.send(text);
    }
    return Promise.resolve(sockets.length);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 stand for "none was sent" and may not be sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }
}
