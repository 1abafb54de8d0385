/**
 * The `count` members that score highest for a key, the highest first. When a member comes or goes, only the keys move
 * that it wins or held; no list of tokens has to be agreed on.
 */
export function rendezvous<Member extends { readonly id: string }>(
  members: readonly Member[],
  key: string,
  count: number,
): Member[] {
  const hash = fnv1a(key);
  return members
    .map((member) => ({ member, score: mix(hash ^ fnv1a(member.id)) }))
    .sort((a, b) => b.score - a.score || (a.member.id < b.member.id ? -1 : 1))
    .slice(0, count)
    .map(({ member }) => member);
}

/** FNV-1a over the UTF-16 units of a text, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Spreads each bit over all: the finalizer of MurmurHash3. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
