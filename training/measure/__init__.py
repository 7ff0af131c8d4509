"""Error rates, packs to measure speed with, and the peers of `npm run bench -- peers`."""
