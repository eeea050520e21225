import vm from "node:vm";
import { executionConsole } from "./console.ts";
import { asyncSyscall, convexGlobal } from "./convex-global.ts";
import { currentExecution } from "./execution.ts";
import { demandAction, timerGlobals } from "./timers.ts";

/** The web's globals that Convex's default runtime has and Node has too. */
const WEB_GLOBALS = [
  "AbortController",
  "AbortSignal",
  "Blob",
  "ByteLengthQueuingStrategy",
  "CompressionStream",
  "CountQueuingStrategy",
  "CryptoKey",
  "CustomEvent",
  "DOMException",
  "DecompressionStream",
  "Event",
  "EventTarget",
  "File",
  "FormData",
  "Headers",
  "ReadableByteStreamController",
  "ReadableStream",
  "ReadableStreamBYOBReader",
  "ReadableStreamBYOBRequest",
  "ReadableStreamDefaultController",
  "ReadableStreamDefaultReader",
  "Request",
  "Response",
  "SubtleCrypto",
  "TextDecoder",
  "TextDecoderStream",
  "TextEncoder",
  "TextEncoderStream",
  "TransformStream",
  "URL",
  "URLSearchParams",
  "WritableStream",
  "WritableStreamDefaultController",
  "WritableStreamDefaultWriter",
  "atob",
  "btoa",
  "queueMicrotask",
  "structuredClone",
] as const;

/**
 * What the platform's own functions make and check must be the same classes that the functions see:
 * an `ArrayBuffer` made by WebCrypto is not an instance of the context's own `ArrayBuffer`.
 */
const BINARY_GLOBALS = [
  "ArrayBuffer",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
  "Float32Array",
  "Float64Array",
  "Int16Array",
  "Int32Array",
  "Int8Array",
  "Uint16Array",
  "Uint32Array",
  "Uint8Array",
  "Uint8ClampedArray",
] as const;

/** A context with the globals of Convex's default runtime and no others. */
export function createFunctionContext(environment: Readonly<Record<string, string>>): vm.Context {
  const host = globalThis as unknown as Record<string, unknown>;
  const globals: Record<string, unknown> = {
    ...Object.fromEntries([...WEB_GLOBALS, ...BINARY_GLOBALS].map((name) => [name, host[name]])),
    ...timerGlobals(),
    Convex: convexGlobal(),
    console: executionConsole(),
    crypto: trackedCrypto(),
    fetch: executionFetch,
    navigator: { userAgent: "Convex/1.0" },
    performance: { now: () => (currentExecution()?.now ?? Date.now)(), timeOrigin: 0 },
    process: { env: { ...environment } },
  };
  // Not a contextified object: each look-up of a global would go through an interceptor, which
  // makes code that leans on built-ins several times slower.
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, { name: "functions" });
  Object.assign(context, globals, { self: context, global: context });
  const adapt = vm.runInContext(`(${ADAPT_BUILT_INS})`, context) as AdaptBuiltIns;
  adapt({
    convex: globals["Convex"],
    asyncSyscall,
    now: () => (currentExecution()?.now ?? Date.now)(),
    random: () => (currentExecution()?.random ?? Math.random)(),
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    Promise,
    Array,
    Object,
  });
  return context;
}

type AdaptBuiltIns = (host: Record<string, unknown>) => void;

/**
 * Runs inside the context. The clock and the random numbers become the execution's own; and
 * `instanceof` accepts what the platform's functions made outside (a failed fetch's TypeError).
 */
const ADAPT_BUILT_INS = `(host) => {
  "use strict";
  // A promise of the context's own is awaited in one step, one from outside in three.
  globalThis.Convex = Object.freeze({
    ...host.convex,
    asyncSyscall: async (operation, args) => host.asyncSyscall(operation, args),
  });
  const NativeDate = Date;
  NativeDate.now = () => host.now();
  const ExecutionDate = new Proxy(NativeDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [host.now()] : args, newTarget),
    apply: () => new NativeDate(host.now()).toString(),
  });
  NativeDate.prototype.constructor = ExecutionDate;
  globalThis.Date = ExecutionDate;
  Math.random = () => host.random();
  const isInstance = Function.prototype[Symbol.hasInstance];
  for (const name of ["Error", "TypeError", "RangeError", "SyntaxError", "Promise", "Array", "Object"]) {
    const native = globalThis[name];
    const outside = host[name];
    Object.defineProperty(native, Symbol.hasInstance, {
      value(candidate) {
        if (isInstance.call(this, candidate)) return true;
        return this === native && isInstance.call(outside, candidate);
      },
    });
  }
}`;

/** The platform's cryptography; whoever waits for a result of it is known to wait. */
function trackedCrypto(): typeof crypto {
  const bound = <T extends object>(target: T, wrap: (result: unknown) => unknown): T =>
    new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name === "subtle") return subtle;
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => wrap(Reflect.apply(value, target, args));
      },
    });
  const subtle = bound(crypto.subtle, (result) => {
    const platform = currentExecution()?.platform;
    if (platform === undefined || !(result instanceof Promise)) return result;
    platform.waiting++;
    return result.finally(() => platform.waiting--);
  });
  return bound(crypto, (result) => result);
}

/** Requests belong to their action: they are given up when it ends. */
const executionFetch: typeof fetch = async (input, init) => {
  const { end } = demandAction("fetch()");
  const own = init?.signal ?? (input instanceof Request ? input.signal : undefined);
  const signal = own ? AbortSignal.any([own, end.signal]) : end.signal;
  return fetch(input, { ...init, signal });
};
