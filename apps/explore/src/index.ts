/** Where the built page lies: index.html and assets/. */
export const pageFolder = new URL("../dist/page/", import.meta.url);
