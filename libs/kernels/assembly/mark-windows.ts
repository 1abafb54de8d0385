export function markWindows(): void {}
