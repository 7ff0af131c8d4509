/** How to run this where there is a GPU and no network: the end of `bench gpu --help`. */
export const CARRYING = `
On another machine (Linux x64, a driver, no network). Here, in the root, after npm ci:
  ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js   # for cuda
  tar czf gpu.tgz package.json bench src models test/fixtures \\
    node_modules/{node,commander,zod,yaml,onnxruntime-common,@echogarden/fvad-wasm} \\
    node_modules/onnxruntime-node/{package.json,dist,bin/napi-v*/linux/x64}
  tar czf packs.tgz .cache/scale/{dense-225m,moe-1b,dense-1b}
There, in an empty folder with both unpacked:
  node_modules/node/bin/node bench/engine-only.ts gpu --packs .cache/scale/*
  cuda needs CUDA 13 and cuDNN 9 on LD_LIBRARY_PATH; webgpu needs libvulkan.so.1.
All of it on a machine that takes 64 MiB at a time, within ten minutes: bench/gpu/prepare.sh here, bench/gpu/run.sh there.
Without a GPU, on a software driver (Debian: chromium), to see that it runs:
  VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json npm run bench -- gpu --devices webgpu \\
    --batches 1 2 --minutes 0.05 --runs 1 --gemm-rows 32 --recordings 2 --median 2 --at 1 2   # some minutes
`;
