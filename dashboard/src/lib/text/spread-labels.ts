/**
 * Where labels go that belong to these heights, so that none covers another: as near as they can be,
 * in the same order, within 0 and `height`. Null stays null.
 */
export function spreadLabels(
  wanted: readonly (number | null)[],
  { gap, height }: { readonly gap: number; readonly height: number },
): readonly (number | null)[] {
  const places = wanted
    .map((at, label) => ({ at, label }))
    .filter((place): place is { at: number; label: number } => place.at !== null)
    .sort((one, other) => one.at - other.at || one.label - other.label)
  // Down from above, then up again from the lower edge.
  let border = 0
  for (const place of places) {
    place.at = Math.max(place.at, border)
    border = place.at + gap
  }
  border = height
  for (const place of places.toReversed()) {
    place.at = Math.min(place.at, border)
    border = place.at - gap
  }
  const spread: (number | null)[] = wanted.map(() => null)
  for (const { at, label } of places) spread[label] = at
  return spread
}
