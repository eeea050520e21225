import type { api } from "../../../convex/_generated/api";
import type { FunctionReturnType } from "convex/server";

export type Project = FunctionReturnType<typeof api.projects.projects.listProjects>[number];
export type Task = FunctionReturnType<typeof api.projects.tasks.listTasks>[number];

export const PROJECT_STATUSES = [
  { value: "active", label: "Active" },
  { value: "paused", label: "Paused" },
  { value: "done", label: "Done" },
] as const;

export const TASK_STATUSES = [
  { value: "todo", label: "To do" },
  { value: "doing", label: "Doing" },
  { value: "done", label: "Done" },
] as const;

export const PRIORITIES = [
  { value: "low", label: "Low" },
  { value: "normal", label: "Normal" },
  { value: "high", label: "High" },
] as const;
