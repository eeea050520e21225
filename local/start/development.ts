import { createServer as createHttpServer, type Server } from "node:http";

/** The page from its sources, with hot reload, from Vite's own development server. */
export async function createDevelopmentServer(root: string, convexUrl: string): Promise<Server> {
  process.env.VITE_CONVEX_URL = convexUrl;
  const { createServer } = await import("vite");
  const http = createHttpServer();
  const vite = await createServer({
    root,
    appType: "spa",
    server: { middlewareMode: true, hmr: { server: http } },
  });
  http.on("request", vite.middlewares);
  return http;
}
