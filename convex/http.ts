import { httpRouter } from "convex/server";
import { auth } from "./auth";
import { receive } from "./billing/webhook";

const http = httpRouter();

auth.addHttpRoutes(http);
http.route({ path: "/webhooks/autumn", method: "POST", handler: receive });

export default http;
