// Days as people and Excel write them: 2026/9/30, 2026.9.30, 2026年9月30日, ２０２６－０９－３０, 20260930.
const WRITTEN = /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:\s+0{1,2}:00(?::00)?)?$/;

// "2026-09-30", or null for what is no day.
export function dayOf(text) {
  const found = WRITTEN.exec(text.normalize("NFKC").trim());
  if (!found) return null;
  const [year, month, day] = [found[1], found[2] ?? found[4], found[3] ?? found[5]].map(Number);
  const there = new Date(Date.UTC(year, month - 1, day));
  return there.getUTCMonth() === month - 1 && there.getUTCDate() === day ? there.toISOString().slice(0, 10) : null;
}
