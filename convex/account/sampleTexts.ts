/** What `samples.ts` fills an account with. */

interface SampleTask {
  readonly title: string;
  readonly notes: string;
  readonly status: "todo" | "doing" | "done";
  readonly priority: "low" | "normal" | "high";
  readonly dueInDays: number | null;
}

export interface SampleProject {
  readonly name: string;
  readonly description: string;
  readonly links: readonly { label: string; url: string }[];
  readonly tasks: readonly SampleTask[];
  readonly page: { readonly url: string; readonly title: string; readonly text: string } | null;
}

function task(
  title: string,
  status: SampleTask["status"],
  dueInDays: number | null = null,
  priority: SampleTask["priority"] = "normal",
  notes = "",
): SampleTask {
  return { title, status, dueInDays, priority, notes };
}

export const SAMPLE_PROJECTS: readonly SampleProject[] = [
  {
    name: "Apartment move",
    description: "Out of the old flat and into the new one, with the deposit back.",
    links: [{ label: "New landlord", url: "https://example.com/landlord" }],
    tasks: [
      task("Give notice on the old flat", "done"),
      task("Book the van", "done"),
      task("Have the post sent on", "done"),
      task("Paint over the blue wall", "doing", 6),
    ],
    page: null,
  },
  {
    name: "Newsletter",
    description: "One issue a month for people who bake at home.",
    links: [],
    tasks: [
      task("Collect questions from readers", "done"),
      task("Photograph the rye loaf", "done"),
      task("Draft issue 14", "todo", 6),
      task("Ask Mila to proofread", "todo"),
    ],
    page: null,
  },
  {
    name: "Bakery launch",
    description:
      "Open the corner shop in spring: lease, oven, permits, two people, and an opening weekend.",
    links: [
      { label: "Floor plan", url: "https://example.com/plan" },
      { label: "Permits", url: "https://example.com/permits" },
    ],
    tasks: [
      task("Sign the lease for the corner shop", "doing", -1, "high", "Ask about the cellar."),
      task("Order the deck oven", "todo", 1, "high", "Two decks, three-phase power."),
      task("Register with the food authority", "todo", 9),
      task("Find a second baker", "todo", 20),
      task("Taste twelve sourdoughs with neighbours", "todo", null, "low"),
      task("Write the business plan", "done"),
      task("Compare three flour mills", "done"),
    ],
    page: {
      url: "https://example.com/opening-a-bakery",
      title: "What opening a bakery takes",
      text: "# What opening a bakery takes\n\nA small bakery needs a lease that allows ovens, power for them, and a hygiene plan before the first loaf is sold.\n\n## Order of things\n\n1. Sign the lease only after the power has been checked.\n2. Order the oven: most take eight to twelve weeks.\n3. Register with the food authority at least four weeks before opening.\n",
    },
  },
];

type Turn = readonly [question: string, answer: string];

/** The newest first. */
export const SAMPLE_CHATS: readonly { readonly title: string; readonly turns: readonly Turn[] }[] =
  [
    {
      title: "Tides, explained for a sailor",
      turns: [
        [
          "Why are there two high tides a day and not one?",
          "Because the Moon pulls on the near side of the Earth **more** than on its middle, and on its middle more than on the far side. The water is stretched along that line, so it stands high in two places:\n\n- below the Moon, and\n- on the opposite side.\n\nThe Earth turns through both in about 24 h 50 min.",
        ],
        [
          "And what makes a spring tide?",
          "The Sun does the same with a little less than half the strength. When Sun, Moon and Earth stand in a line, at new and full moon, both add up.\n\n| tide | when | range |\n| --- | --- | --- |\n| spring | new and full moon | largest |\n| neap | half moon | smallest |",
        ],
      ],
    },
    {
      title: "Pricing page wording",
      turns: [
        [
          "Make this friendlier: credits are non-refundable.",
          "> Credits stay yours until you use them. We cannot pay them out again.\n\nIt says the same, begins with what people get, and leaves out the long word.",
        ],
      ],
    },
    {
      title: "Refactor the invoice parser",
      turns: [
        [
          "How would you split a 400-line parse function?",
          "By what it reads, not by how long it is:\n\n```ts\nexport function parseInvoice(text: string): Invoice {\n  const lines = splitLines(text);\n  return { head: parseHead(lines), items: parseItems(lines), total: parseTotal(lines) };\n}\n```\n\nEach part then has a test of its own.",
        ],
      ],
    },
    {
      title: "A week of dinners for two",
      turns: [
        [
          "Plan five quick dinners without meat.",
          "1. Lentil dal with rice\n2. Pasta with chickpeas and lemon\n3. Mushroom omelette\n4. Fried rice with peas\n5. Baked feta with tomatoes",
        ],
      ],
    },
  ];
