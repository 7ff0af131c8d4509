/** The bucket's rule for a page's origin, as the template has it: test/infra/stack.test.ts. */
export const PAGE_RULE = {
  AllowedMethods: ["PUT", "GET"],
  AllowedHeaders: ["*"],
  ExposedHeaders: ["ETag"],
  MaxAge: 3600,
};
