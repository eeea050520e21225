import { configure } from "@testing-library/react";

// What a page loads lazily takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 });
