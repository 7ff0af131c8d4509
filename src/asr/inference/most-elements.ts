/**
 * Elements of the decoder's widest tensor per call: its softmax over the vocabulary, [b, N, L, V], or what a graph that
 * shares prefixes compares to find them, [b, N, L, N].
 */
export const MOST_ELEMENTS = 32 * 1024 * 1024;
