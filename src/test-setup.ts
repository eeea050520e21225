import { configure } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";

// What a page loads lazily takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 });

// Nothing has a size here, so the real list would show nothing. Files share their modules: what one
// of them replaces is replaced for all.
vi.mock("virtua", () => ({
  Virtualizer: ({ data, children }: { data: unknown[]; children: (row: unknown) => ReactNode }) =>
    data.map(children),
}));
