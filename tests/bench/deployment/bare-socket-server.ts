import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

// A WebSocket server that answers nothing: what a socket costs without a deployment behind it.

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: true });
server.on("listening", () => process.send?.((server.address() as AddressInfo).port));
server.on("connection", (socket) => socket.on("message", () => {}));
