/** The look of the sandbox's own pages: one sheet, light and dark, nothing fetched from elsewhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(oklch(0.988 0.003 90), oklch(0.195 0.008 262));
  --raised: light-dark(oklch(1 0 0), oklch(0.238 0.01 262));
  --line: light-dark(oklch(0.905 0.005 90), oklch(0.3 0.01 262));
  --ink: light-dark(oklch(0.235 0.012 260), oklch(0.945 0.004 90));
  --ink-2: light-dark(oklch(0.47 0.012 260), oklch(0.74 0.008 262));
  --accent: light-dark(oklch(0.52 0.17 258), oklch(0.54 0.165 258));
  --accent-ink: oklch(0.99 0.005 258);
  --accent-text: light-dark(oklch(0.5 0.17 258), oklch(0.78 0.1 258));
  --warn: light-dark(oklch(0.45 0.1 75), oklch(0.86 0.12 85));
  --warn-soft: light-dark(oklch(0.96 0.06 90), oklch(0.3 0.045 85));
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100dvh;
  display: grid;
  grid-template-rows: auto 1fr;
  background: var(--paper);
  color: var(--ink);
  font: 400 15px/1.5 ui-sans-serif, system-ui, sans-serif;
  -webkit-font-smoothing: antialiased;
}
.banner {
  padding: 10px 20px;
  background: var(--warn-soft);
  color: var(--warn);
  text-align: center;
  font-size: 14px;
}
main { place-self: center; width: min(420px, 100%); padding: 32px 20px; }
h1, .amount { font-family: ui-serif, Georgia, serif; font-weight: 500; letter-spacing: -0.01em; }
h1 { margin: 0; font-size: 32px; line-height: 1.15; }
p { margin: 8px 0 0; color: var(--ink-2); }
.amount { margin: 0; color: var(--ink); font-size: 40px; line-height: 1; font-variant-numeric: tabular-nums; }
.card {
  margin-top: 20px;
  padding: 20px;
  background: var(--raised);
  border: 1px solid var(--line);
  border-radius: 16px;
}
form { display: grid; gap: 10px; margin-top: 20px; }
button, .button {
  min-height: 44px;
  padding: 0 16px;
  border: 1px solid var(--line);
  border-radius: 10px;
  background: var(--raised);
  color: var(--ink);
  font: 550 15px/42px ui-sans-serif, system-ui, sans-serif;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
.row { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
label { display: grid; gap: 4px; font-size: 13px; color: var(--ink-2); }
input {
  min-height: 44px;
  padding: 0 12px;
  border: 1px solid var(--line);
  border-radius: 10px;
  background: var(--paper);
  color: var(--ink);
  font: 400 16px ui-sans-serif, system-ui, sans-serif;
}
ul { margin: 20px 0 0; padding: 0; list-style: none; }
li { display: flex; justify-content: space-between; gap: 12px; padding: 8px 0; border-top: 1px solid var(--line); }
a:not(.button) { color: var(--accent-text); }
.button { display: inline-block; margin-top: 12px; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
`;
