import fc from "fast-check";

// A build must not depend on luck: what random cases find is found on a developer's machine, where the seed is printed.
if (process.env.CI) fc.configureGlobal({ seed: 20_240_416 });
