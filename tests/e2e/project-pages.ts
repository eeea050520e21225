import { expect, type Page } from "@playwright/test";
import type { Product } from "../product/product.ts";
import { arrive } from "./person.ts";

export const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: true });
export const credits = (page: Page) => page.getByRole("status", { name: "Credits" });

/** Opens the projects as a new person. */
export async function openProjects(page: Page, product: Product) {
  await arrive(page, product, "/projects");
  await expect(button(page, "New project")).toBeVisible();
}

export async function newProject(page: Page, name: string, description = "") {
  await page.getByRole("link", { name: "Projects", exact: true }).first().click();
  await button(page, "New project").click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByRole("textbox", { name: "Description" }).fill(description);
  await button(page, "Create project").click();
  await expect(page.getByRole("heading", { level: 2, name })).toBeVisible();
}

export async function newTask(page: Page, title: string) {
  await page.getByRole("textbox", { name: "Task title" }).fill(title);
  await button(page, "New task").click();
  await expect(button(page, `Edit ${title}`)).toBeVisible();
}

export const shownTasks = (page: Page) =>
  page.getByRole("list", { name: "Tasks" }).getByRole("button", { name: /^Edit / });
